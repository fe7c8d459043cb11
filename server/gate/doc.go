// Package gate is what every request passes on its way in and out, for pages and
// API alike: who asks (browser session or bearer token), in which language, what
// a route's permission says of it, and what an error becomes. Nothing of an
// error that is not a models.Error reaches the client but an id, which is in the
// log.
package gate
