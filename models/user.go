package models

import "time"

// User is a person who signs in. PasswordHash is an argon2id hash; it is empty
// while an invitation waits for the user to choose a password, and after a reset.
type User struct {
	ID           uint64 `gorm:"primaryKey"`
	Login        string
	Name         string
	PasswordHash string
	Locale       string
	Disabled     bool
	Demo         bool
	CreatedAt    time.Time
	// LastSignInAt is nil until the user first signs in.
	LastSignInAt *time.Time
	// TouredAt is nil until the user has seen, or left, the tour of the first day.
	TouredAt *time.Time
}

// Invitation lets a user choose a password by a link, once and until it expires.
// Only the SHA-256 of what the link holds is stored. InvitedBy is nil for the
// program itself.
type Invitation struct {
	ID        uint64 `gorm:"primaryKey"`
	UserID    uint64
	InvitedBy *uint64
	Hash      string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Role names a set of permissions of rbac/policy.csv.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Supervisor    Role = "supervisor"
	Reporter      Role = "reporter"
	Coordinator   Role = "coordinator"
	Assessor      Role = "assessor"
	Viewer        Role = "viewer"
)

// Grant gives a user a role over the subtree of a unit.
type Grant struct {
	ID     uint64 `gorm:"primaryKey"`
	UserID uint64
	Role   Role
	UnitID uint64
}

// Token lets a program act as a user: Authorization: Bearer. Only its SHA-256
// is stored.
type Token struct {
	ID        uint64 `gorm:"primaryKey"`
	UserID    uint64
	Hash      string
	CreatedAt time.Time
	RevokedAt *time.Time
}

// Session is a browser's session; Token is the hash of what the cookie holds.
type Session struct {
	Token  string `gorm:"primaryKey"`
	Data   []byte
	Expiry time.Time
}

// SavedView (常用视图) is a page with its filters that a user keeps under a name.
type SavedView struct {
	ID     uint64 `gorm:"primaryKey"`
	UserID uint64
	// Name is unique among the views of the user.
	Name string
	// Address is the path of a page with its query.
	Address string
	SavedAt time.Time
}
