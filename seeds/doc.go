// Package seeds holds the data that ships with Sundial and reads it: the State
// Council's notices on days off, the policy packs, and what a first start or a
// demonstration is filled with. All of it is embedded in the program.
package seeds
