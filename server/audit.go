package main

import (
	"time"

	"sundial/server/store"
)

// auditCommand groups what is done with the audit log.
type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Check that nobody has touched the audit log: exit 1 and the first place that was touched when somebody has."`
}

type auditVerifyCommand struct {
	database
	Since string `help:"Fingerprint that an earlier check printed: the log must still begin with what it had then." placeholder:"FINGERPRINT"`
	JSON  bool   `help:"Print JSON."`
}

// auditReport is the result as JSON.
type auditReport struct {
	Sound bool `json:"sound"`
	// Entries counts those that are proved.
	Entries     uint64           `json:"entries"`
	Fingerprint string           `json:"fingerprint"`
	Broken      []auditBreakJSON `json:"broken"`
	// Continues is null when no fingerprint was given.
	Continues *bool `json:"continues"`
}

type auditBreakJSON struct {
	Entry string     `json:"entry"`
	Fault string     `json:"fault"`
	At    *time.Time `json:"at"`
	Found string     `json:"found,omitempty"`
}

// Run checks the whole log; the server may go on writing.
func (c *auditVerifyCommand) Run(e *environment) error {
	since, ok := store.ParseFingerprint(c.Since)
	if c.Since != "" && !ok {
		return misuse("audit.verify.not_a_fingerprint", "Flag", "--since", "Value", c.Since)
	}
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	state, err := a.store.VerifyAudit(e.ctx, since)
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.printJSON(c.report(state))
	} else if len(state.Breaks) == 0 && state.Continues {
		err = e.print(e.soundLog(state))
	}
	if err != nil {
		return err
	}
	return touched(state)
}

func (e *environment) soundLog(state store.AuditState) string {
	text := e.locale.Text("audit.verify.sound", refusal("", "Count", int(state.Entries)).args) + "\n"
	return text + e.locale.Text("audit.verify.fingerprint", refusal("", "Fingerprint", state.Fingerprint).args) + "\n"
}

// touched is the refusal of a log that was touched, nil for a sound one.
func touched(state store.AuditState) error {
	if len(state.Breaks) == 0 {
		if state.Continues {
			return nil
		}
		return refusal("audit.verify.rewritten")
	}
	first := state.Breaks[0]
	return refusal("audit.verify."+string(first.Fault), "Entry", first.Entry(), "Strand", first.Strand, "Found", first.FoundEntry(), "At", first.At)
}

func (c *auditVerifyCommand) report(state store.AuditState) auditReport {
	r := auditReport{Sound: len(state.Breaks) == 0 && state.Continues, Entries: state.Entries, Fingerprint: state.Fingerprint.String(), Broken: []auditBreakJSON{}}
	for _, b := range state.Breaks {
		broken := auditBreakJSON{Entry: b.Entry(), Fault: string(b.Fault)}
		if !b.At.IsZero() {
			broken.At = &b.At
		}
		if b.Fault == store.AuditMoved {
			broken.Found = b.FoundEntry()
		}
		r.Broken = append(r.Broken, broken)
	}
	if c.Since != "" {
		r.Continues = &state.Continues
	}
	return r
}
