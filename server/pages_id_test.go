package main

import (
	"net/http"
	"net/url"
	"testing"
)

// Databases count to 2^63-1: a greater number is of nothing, and is no fault of the server.
func TestNumbersThatNoDatabaseHas(t *testing.T) {
	w := newWorld(t)
	everybody, program := w.signIn("everything"), w.program("everything")
	for _, id := range []string{"9223372036854775807", "9223372036854775808", "18446744073709551615", "99999999999999999999"} {
		for _, path := range []string{"/duties/", "/reports/", "/urges/", "/tasks/", "/rectifications/", "/findings/", "/inspections/", "/rounds/", "/sheets/", "/files/"} {
			everybody.get(path + id).want(http.StatusNotFound)
		}
		everybody.get("/units/370000/tasks?task=" + id).want(http.StatusOK)
		everybody.get("/units/370000/urges?after=" + id).want(http.StatusOK)
		everybody.get("/tasks/" + number(w.inside.task) + "?share=" + id).want(http.StatusOK)
		if got := everybody.get("/units/370000/urges/new?item=duty:" + id).StatusCode; got >= 500 {
			t.Errorf("urging for duty %s: status %d", id, got)
		}
		if got := everybody.post("/inbox/read", url.Values{"newest": {id}}).StatusCode; got >= 500 {
			t.Errorf("all read up to %s: status %d", id, got)
		}
		if got := program.get("/api/v1/duties/" + id).StatusCode; got != http.StatusNotFound && got != http.StatusUnprocessableEntity {
			t.Errorf("the API, duty %s: status %d", id, got)
		}
	}
	// A cursor of the inbox with the number 2^64-1.
	everybody.get("/inbox?cursor=ZmFsc2UuMTQ5NjI3ODgwMDAwMC4xODQ0Njc0NDA3MzcwOTU1MTYxNQ").want(http.StatusUnprocessableEntity)
}
