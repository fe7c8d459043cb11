package models

// Tally counts the duties of a unit's whole subtree for one year and obligation
// as they were known from the day KnownDay on, until the next row: one row is
// one cell of a board on any day, whatever the number of units below. KnownDay
// is a calendar.Date as an integer.
type Tally struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Year         int    `gorm:"primaryKey;autoIncrement:false"`
	ObligationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	KnownDay     int    `gorm:"primaryKey;autoIncrement:false"`
	Counts
	// OpenDue divides Open by due date, since open duties turn overdue at read
	// time: calendar.Date as an integer, a colon and a count, by date, with commas.
	OpenDue string
}

// Counts has a number of duties per outcome. Provisional are open duties whose
// due date is not settled: never overdue.
type Counts struct {
	Open        int
	Provisional int
	Reported    int
	Met         int
	Late        int
	Exempt      int
	Unscheduled int
	Extended    int
	// People are those on the rosters of the units whose rotation it is, and Trained
	// those of them with a valid attendance.
	People  int
	Trained int
}
