package supervision

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/dossier"
	"sundial/server/evidence"
	"sundial/server/notify"
)

// UrgeReply is what a unit replies.
type UrgeReply struct {
	Text string
	URL  string
	// Files are in the vault already.
	Files []evidence.File
}

func (r UrgeReply) check() error {
	faults := checkUrgeNote(nil, "text", r.Text, "urges.no_reply")
	if link := strings.TrimSpace(r.URL); link != "" {
		parsed, err := url.Parse(link)
		if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" || len(link) > maxUrgeLink {
			faults = append(faults, models.Field{Name: "url", Key: "urges.bad_url"})
		}
	}
	return models.InvalidFields(dossier.Check(faults, r.Files))
}

// maxUrgeLink is how long an address may be.
const maxUrgeLink = 1000

// checkUrgeNote refuses a text that is missing or too long.
func checkUrgeNote(faults []models.Field, field, text, missing string) []models.Field {
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n == 0:
		return append(faults, models.Field{Name: field, Key: missing})
	case n > MaxUrgeText:
		return append(faults, models.Field{Name: field, Key: "urges.text_long", Args: models.Args("Max", MaxUrgeText, "Length", n)})
	}
	return faults
}

// actOnUrge does something with an urge that is open: who may not is Forbidden, a version that is
// not the current one Stale, an urge that has ended, or that all is done for, a Conflict.
// What the days before have brought about is recorded first.
func (d *Desk) actOnUrge(ctx context.Context, actor compliance.Actor, id uint64, version int, permission rbac.Permission, do func(w *urging, u *urged) error) error {
	return d.writeUrges(ctx, actor, func(w *urging) error {
		u, err := w.urge(id)
		if err != nil {
			return err
		}
		if err := w.may(permission, u); err != nil {
			return err
		}
		if u.Status == models.UrgeEnded {
			return models.NewError(models.Conflict, "urges.ended")
		}
		if u.Version != version {
			return models.NewError(models.Stale, "urges.stale")
		}
		if err := w.catchUp(u); err != nil {
			return err
		}
		if u.Status == models.UrgeEnded {
			return models.NewError(models.Conflict, "urges.all_done", "Unit", notify.UnitName(u.unit), "What", u.title(), "Count", len(u.about))
		}
		u.Version++
		return do(w, u)
	})
}

// AcknowledgeUrge is the receipt of the unit (签收).
func (d *Desk) AcknowledgeUrge(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.actOnUrge(ctx, actor, id, version, answerUrge, func(w *urging, u *urged) error {
		if u.Status != models.UrgeSent {
			return models.NewError(models.Conflict, "urges.acknowledged_already")
		}
		if err := w.acknowledge(u); err != nil {
			return err
		}
		return w.tell(u, u.office, sendUrge, "urges.message.acknowledged", false, "On", w.Today)
	})
}

func (w *urging) acknowledge(u *urged) error {
	before := u.Urge
	u.Status, u.AcknowledgedOn = models.UrgeAcknowledged, w.Today
	if _, err := w.step(u, models.UrgeStep{Act: models.UrgeAcknowledge}); err != nil {
		return err
	}
	return w.record(u, "acknowledge", answerUrge, before, nil)
}

// ReplyToUrge is the reply of the unit; it is the receipt too, where there was none. A unit
// may reply again. The level follows from the due dates still: a reply does nothing of
// what is owed.
func (d *Desk) ReplyToUrge(ctx context.Context, actor compliance.Actor, id uint64, version int, reply UrgeReply) error {
	if err := reply.check(); err != nil {
		if _, unseen := d.Urge(ctx, actor, id); unseen != nil {
			return unseen
		}
		return err
	}
	return d.actOnUrge(ctx, actor, id, version, answerUrge, func(w *urging, u *urged) error {
		if u.Status == models.UrgeSent {
			if err := w.acknowledge(u); err != nil {
				return err
			}
		}
		before := u.Urge
		u.Status = models.UrgeReplied
		if u.RepliedOn.IsZero() {
			u.RepliedOn = w.Today
		}
		step, err := w.step(u, models.UrgeStep{Act: models.UrgeReply, Note: strings.TrimSpace(reply.Text), URL: strings.TrimSpace(reply.URL)})
		if err != nil {
			return err
		}
		if err := dossier.Keep(w.Write, dossier.Owner{Object: "urge-step", ID: step.ID, UnitID: u.UnitID, OfficeID: u.OfficeID}, reply.Files); err != nil {
			return err
		}
		if err := w.record(u, "reply", answerUrge, before, map[string]any{"note": step.Note, "url": step.URL, "files": dossier.Facts(reply.Files)}); err != nil {
			return err
		}
		if err := w.tell(u, u.office, sendUrge, "urges.message.replied", false, "On", w.Today); err != nil {
			return err
		}
		// A late reply may let the level fall at once.
		return w.catchUp(u)
	})
}

// WithdrawUrge takes an urge back, for who may urge in the name of its office.
func (d *Desk) WithdrawUrge(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) error {
	return d.actOnUrge(ctx, actor, id, version, sendUrge, func(w *urging, u *urged) error {
		if err := models.InvalidFields(checkUrgeNote(nil, "reason", reason, "urges.no_reason")); err != nil {
			return err
		}
		before := u.Urge
		u.Status, u.EndedOn = models.UrgeEnded, w.Today
		if _, err := w.step(u, models.UrgeStep{Act: models.UrgeWithdraw, Note: strings.TrimSpace(reason)}); err != nil {
			return err
		}
		if err := w.record(u, "withdraw", sendUrge, before, map[string]any{"reason": strings.TrimSpace(reason)}); err != nil {
			return err
		}
		return w.tell(u, u.unit, answerUrge, "urges.message.withdrawn", false, "On", w.Today)
	})
}

// TakesUrgeReply tells whether the actor may reply to the urge with the version, before
// the files of the reply are taken in: its error is that of ReplyToUrge.
func (d *Desk) TakesUrgeReply(ctx context.Context, actor compliance.Actor, id uint64) error {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return err
	}
	u, err := w.urge(id)
	if err != nil {
		return err
	}
	if err := w.mayAnswer(u); err != nil {
		return err
	}
	if u.Status == models.UrgeEnded {
		return models.NewError(models.Conflict, "urges.ended")
	}
	return nil
}
