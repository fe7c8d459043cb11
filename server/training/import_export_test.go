package training

// StaffTable is the roster as a file.
var StaffTable = staffTable
