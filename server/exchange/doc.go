// Package exchange takes tables in and gives them out, as Excel workbooks
// (.xlsx) and as CSV, row by row, so that a table of any length needs little
// memory. It knows no database and no domain: who imports or exports describes
// the columns in a Table and turns rows into things of their own.
//
// Open reads; NewWriter writes; WriteTemplate writes an empty table to fill in;
// NewFaultWriter gives the rows that were refused back, each with its reasons,
// to be mended and sent again.
//
// What a cell means never depends on luck: a number that a spreadsheet has
// rounded, a date in an unclear order, a formula without a result are Faults
// that name the cell and what would be right. What is wrong with a file as a
// whole comes back as a models.Error.
package exchange
