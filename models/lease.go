package models

import "time"

// Lease lets one of several processes do a job that must not run twice at a
// time, such as a migration. It is held until ExpiresAt unless renewed.
type Lease struct {
	Name      string `gorm:"primaryKey"`
	Holder    string
	ExpiresAt time.Time
}
