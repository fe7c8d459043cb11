package models

// Tally counts the duties of a unit's whole subtree for one year, obligation
// and due date: the board's cells are sums of a few such rows, whatever the
// number of units below. DueDay is the due date as calendar.Date's integer, 0
// for none; open duties turn overdue by it at read time.
type Tally struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Year         int    `gorm:"primaryKey;autoIncrement:false"`
	ObligationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	DueDay       int    `gorm:"primaryKey;autoIncrement:false"`
	Counts
}

// TallyChange is the sum of the changes of a Tally that became known on one
// day: a Tally less the changes known later is what it was at the end of a day.
// The day stands early in the key, so that those later changes are one range.
type TallyChange struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Year         int    `gorm:"primaryKey;autoIncrement:false"`
	KnownDay     int    `gorm:"primaryKey;autoIncrement:false"`
	ObligationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	DueDay       int    `gorm:"primaryKey;autoIncrement:false"`
	Counts
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
}
