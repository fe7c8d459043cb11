package exchange

// Limits bound what is read from a file that somebody sent.
type Limits struct {
	File     int64 // bytes of the file
	Unpacked int64 // bytes that a part of a workbook unpacks to
	Strings  int64 // bytes of the texts that a workbook keeps apart from its sheets
	Rows     int   // rows with content, below the headings
	Columns  int   // columns with content
	Cell     int   // bytes of a cell
}

// DefaultLimits are enough for every table that a spreadsheet can be handled
// with by hand.
var DefaultLimits = Limits{
	File:     64 << 20,
	Unpacked: 512 << 20,
	Strings:  128 << 20,
	Rows:     200_000,
	Columns:  200,
	Cell:     100_000, // a spreadsheet's 32,767 characters, in Chinese
}

const megabyte = 1 << 20
