package models

import "time"

// AuditEntry records one write: who did what to which object of which unit, in
// whose name, from where, and what changed. It is written in the transaction of
// the write itself. The log has several strands, so that writers seldom wait for
// each other; in each one, Hash is that of the entry and of the Hash before it.
type AuditEntry struct {
	Strand int    `gorm:"primaryKey;autoIncrement:false"`
	Seq    uint64 `gorm:"primaryKey;autoIncrement:false"`
	At     time.Time
	// UserID is nil for what the program did by itself or by a command.
	UserID   *uint64
	UserName string
	// Behalf names the unit in whose name the user acted.
	Behalf string
	// Via is how the request came: browser, token or command; Address is from where.
	Via      string
	Address  string
	Action   string
	Object   string
	ObjectID uint64
	// UnitID is the unit concerned, nil for what concerns no unit.
	UnitID *uint64
	// Changes is JSON: field by field what was before and is now. Detail is JSON
	// with what else there is to know.
	Changes string
	Detail  string
	Hash    string
}

// AuditStrand is the end of one strand of the audit log: the number and the hash
// of its last entry.
type AuditStrand struct {
	Strand int `gorm:"primaryKey;autoIncrement:false"`
	Seq    uint64
	Hash   string
}
