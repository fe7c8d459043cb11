package exchange_test

import (
	"bytes"
	"fmt"
	"strings"

	"sundial/server/calendar"
	"sundial/server/exchange"
)

var staff = exchange.Table{
	Name: exchange.Text{ZH: "花名册", EN: "Roster"},
	Columns: []exchange.Column{
		{Key: "number", Heading: exchange.Text{ZH: "工号", EN: "Staff number"}, Also: []string{"员工编号"}, Required: true},
		{Key: "name", Heading: exchange.Text{ZH: "姓名", EN: "Name"}, Required: true},
		{Key: "since", Heading: exchange.Text{ZH: "到岗日期", EN: "Since"}, Kind: exchange.KindDate},
		{Key: "part_time", Heading: exchange.Text{ZH: "兼职", EN: "Part-time"}, Kind: exchange.KindYesNo},
	},
}

// A form is read below its title, whatever the order of its columns, and each
// fault names its cell.
func Example() {
	file := bytes.NewReader([]byte("济南市花名册\n姓名（必填）,员工编号,到岗日期,兼职\n王芳,JN001,2017年5月4日,√\n李强,JN002,5/4/2017,否\n"))
	reader, err := exchange.Open("花名册.csv", file, file.Size(), staff, exchange.DefaultLimits)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range reader.Rows() {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, fault := range row.Faults() {
			fmt.Println(fault.Cell, fault.Key, fault.Args["Value"])
		}
		fmt.Println(row.Number, row.Text("number"), row.Text("name"), row.Date("since"), row.Yes("part_time"))
	}
	// Output:
	// 3 JN001 王芳 2017-05-04 true
	// C4 exchange.date 5/4/2017
	// 4 JN002 李强  false
}

// What starts like a formula stays a text.
func ExampleNewWriter() {
	var file bytes.Buffer
	english := exchange.Language{Tag: "en"}
	writer, err := exchange.NewWriter(&file, exchange.CSV, staff, english)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer writer.Abort()
	writer.Write("JN001", "王芳", calendar.MustParseDate("2017-05-04"), true)
	writer.Write("=1+1", "李强", nil, nil)
	if err := writer.Close(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.TrimPrefix(strings.ReplaceAll(file.String(), "\r", ""), "\ufeff"))
	// Output:
	// Staff number,Name,Since,Part-time
	// JN001,王芳,2017-05-04,Yes
	// '=1+1,李强,,
}
