// Package notify tells people what has happened: a message is written in the transaction
// of what it tells, for the people of a unit whom it concerns, and waits in the inbox of
// each. Entries that nobody has passed on are the outbox of mail and robots.
package notify
