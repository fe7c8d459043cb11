package compliance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/rules"
)

// Submission is what a unit files at once.
type Submission struct {
	Filing rules.Filing
	// Evidence names attachments, at most MaxEvidence: the actor's own of the draft,
	// or those of an earlier report of the same duty.
	Evidence []uint64
	// Also names further duties that the same fact serves; see Companions.
	Also []uint64
	// Key is the client's word for the request; the same request with the same key
	// files once.
	Key string
}

// Receipt is a report as it was filed, with what there is to warn of.
type Receipt struct {
	*models.Report
	Warnings []models.Field
}

// File files a report for a duty and for those that the same fact serves: for
// all or for none. The input is refused as Invalid with its faulty fields, those
// of the further duties as also[0].on, a duty that takes no report now as
// Conflict, a duty outside the actor's grants as NotFound. A key already used by
// the actor returns the report filed with it; the same key with another content
// is a Conflict. The actor's draft for the duty goes with it.
func (l *Ledger) File(ctx context.Context, actor Actor, duty uint64, s Submission) (*Receipt, error) {
	var receipt *Receipt
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		receipt, err = w.file(duty, s)
		return err
	})
	return receipt, err
}

// Review tells what there is to warn of before a submission, each on its field,
// and refuses what File would refuse. It changes nothing.
func (l *Ledger) Review(ctx context.Context, actor Actor, duty uint64, s Submission) ([]models.Field, error) {
	w := l.look(ctx, actor)
	p, err := w.prepare(duty, s)
	if err != nil {
		return nil, err
	}
	return w.warnings(p)
}

func (w *write) file(id uint64, s Submission) (*Receipt, error) {
	p, err := w.prepare(id, s)
	if err != nil {
		return nil, err
	}
	receipt := &Receipt{Report: p.main.report}
	if receipt.Warnings, err = w.warnings(p); err != nil || p.replayed {
		return receipt, err
	}
	for _, c := range append([]*candidate{p.main}, p.others...) {
		if err := w.storeReport(c, p); err != nil {
			return nil, err
		}
	}
	return receipt, w.dropDraft(id)
}

// candidate is a duty of a submission: locked, and with its report to be.
type candidate struct {
	dossier
	unit   *models.Unit
	report *models.Report
}

// prepared is a submission that was found sound, or filed before.
type prepared struct {
	main     *candidate
	others   []*candidate
	filing   rules.Filing
	files    []models.Attachment
	replayed bool
}

// also are the further duties of the submission.
func (p *prepared) also() []uint64 {
	ids := make([]uint64, len(p.others))
	for i, c := range p.others {
		ids[i] = c.row.ID
	}
	return ids
}

// prepare finds out whether the submission can be filed.
func (w *write) prepare(id uint64, s Submission) (*prepared, error) {
	if err := w.lockInOrder(id, s.Also); err != nil {
		return nil, err
	}
	main, err := w.candidate(id)
	if err != nil {
		return nil, err
	}
	p := &prepared{main: main, filing: main.rule.Asked(clean(s.Filing))}
	s.Filing = p.filing
	request, err := s.digest(id)
	if err != nil {
		return nil, err
	}
	if err := w.replay(p, s, request); err != nil || p.replayed {
		return p, err
	}
	refusal, err := w.bar(w.tx, main.dossier, main.unit, s.Filing.Nothing)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	fields := w.check(main, s.Filing)
	files, faults, err := w.evidence(id, s.Evidence)
	if err != nil {
		return nil, err
	}
	p.files = files
	fields = append(fields, faults...)
	others, faults, err := w.others(main, s)
	if err != nil {
		return nil, err
	}
	p.others = others
	if err := models.InvalidFields(append(fields, faults...)); err != nil {
		return nil, err
	}
	if s.Key != "" {
		main.report.IdempotencyKey, main.report.Request = &s.Key, request
	}
	return p, nil
}

// lockInOrder locks the duties of a submission by their ids, so that two
// submissions for the same duties never wait for each other.
func (w *write) lockInOrder(id uint64, also []uint64) error {
	if len(also) == 0 {
		return nil
	}
	if len(also) > MaxCompanions {
		return models.InvalidFields([]models.Field{{Name: "also", Key: "filing.also_many", Args: models.Args("Max", MaxCompanions)}})
	}
	ids := append([]uint64{id}, also...)
	var locked []uint64
	err := w.locked().Model(&models.Duty{}).Where("id IN ?", ids).Order("id").Pluck("id", &locked).Error
	if err != nil {
		return fmt.Errorf("lock duties: %w", err)
	}
	return nil
}

// candidate locks the duty; one that the actor may not file for is Forbidden.
func (w *write) candidate(id uint64) (*candidate, error) {
	row, unit, err := w.lockDuty(id)
	if err != nil {
		return nil, err
	}
	if !w.actor.Access.AllowsAt("report", "file", unit.Path) {
		return nil, models.NewError(models.Forbidden, "report.not_yours", "Unit", unit.Name)
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	list, err := dossiers(w.tx, lib, []models.Duty{*row})
	if err != nil {
		return nil, err
	}
	return &candidate{dossier: list[0], unit: unit}, nil
}

// check makes the candidate's report and tells what is wrong with the filing.
func (w *write) check(c *candidate, filing rules.Filing) []models.Field {
	duty := ruleDuty(c.entry, c.row)
	c.report = &models.Report{DutyID: c.row.ID, UnitID: c.unit.ID, Status: models.Filed, FactOn: duty.FactOn(filing),
		FiledBy: w.actor.ID, FiledAt: w.moment.at, FiledOn: w.today}
	var fields []models.Field
	for _, p := range duty.Check(filing, w.moment.at) {
		fields = append(fields, models.Field{Name: p.Field, Key: p.Key, Args: p.Args})
	}
	return fields
}

// storeReport stores the candidate's report with its evidence.
func (w *write) storeReport(c *candidate, p *prepared) error {
	content, err := json.Marshal(c.rule.Asked(p.filing))
	if err != nil {
		return fmt.Errorf("filing: %w", err)
	}
	c.report.Filing = string(content)
	if err := w.tx.Create(c.report).Error; err != nil {
		return fmt.Errorf("store report: %w", err)
	}
	if err := w.attachTo(c.report, p.files); err != nil {
		return err
	}
	lib, err := w.lib()
	if err != nil {
		return err
	}
	if err := w.rejudge(lib, &c.row, c.unit.Path); err != nil {
		return err
	}
	detail := map[string]any{"duty": c.row.ID, "filing": json.RawMessage(content)}
	if len(p.files) > 0 {
		detail["evidence"] = evidenceFacts(p.files)
	}
	if len(p.others) > 0 {
		detail["with"] = append([]uint64{p.main.row.ID}, p.also()...)
	}
	return w.record(event{action: "file", object: "report", id: c.report.ID, unit: c.unit, now: reportFacts(*c.report), detail: detail})
}

// clean trims what people leave around texts.
func clean(f rules.Filing) rules.Filing {
	for _, text := range []*string{&f.Title, &f.URL, &f.PresidedBy, &f.Name, &f.Post, &f.Total, &f.Note, &f.LateReason} {
		*text = strings.TrimSpace(*text)
	}
	items := f.Items
	f.Items = nil
	for _, item := range items {
		item.Name, item.Points, item.Reason = strings.TrimSpace(item.Name), strings.TrimSpace(item.Points), strings.TrimSpace(item.Reason)
		if item != (rules.Item{}) {
			f.Items = append(f.Items, item)
		}
	}
	return f
}

// lockDuty returns the duty, locked until the write ends, and its unit. A duty
// that the actor may not read is NotFound, in the words of one that is not there.
func (w *write) lockDuty(id uint64) (*models.Duty, *models.Unit, error) {
	var row models.Duty
	if err := one(w.locked().Where("id = ?", id), &row, "duty"); models.IsCode(err, models.NotFound) {
		return nil, nil, models.NewError(models.NotFound, "duty.unknown")
	} else if err != nil {
		return nil, nil, err
	}
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return nil, nil, err
	}
	if !w.actor.Access.AllowsAt("duty", "read", unit.Path) {
		return nil, nil, models.NewError(models.NotFound, "duty.unknown")
	}
	return &row, &unit, nil
}

// digest tells requests with the same key apart: by the duty and by all that is
// submitted, in whatever order.
func (s Submission) digest(duty uint64) (string, error) {
	content, err := json.Marshal([]any{duty, s.Filing, sorted(s.Evidence), sorted(s.Also)})
	if err != nil {
		return "", fmt.Errorf("request: %w", err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// sorted returns the ids in order, each once.
func sorted(ids []uint64) []uint64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// replay finds what the actor filed with the key before.
func (w *write) replay(p *prepared, s Submission, request string) error {
	if s.Key == "" {
		return nil
	}
	var filed models.Report
	err := w.tx.Where("filed_by = ? AND idempotency_key = ?", w.actor.ID, s.Key).Take(&filed).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("report by key: %w", err)
	case filed.Request != request:
		return models.NewError(models.Conflict, "report.key_used", "Key", s.Key)
	}
	p.main.report, p.replayed = &filed, true
	for _, id := range s.Also {
		c, err := w.candidate(id)
		if err != nil {
			return err
		}
		p.others = append(p.others, c)
	}
	if err := w.tx.Where("report_id = ?", filed.ID).Order("id").Find(&p.files).Error; err != nil {
		return fmt.Errorf("evidence of report: %w", err)
	}
	return nil
}

// refusal says why the duty takes no report now, or none that there is nothing
// to report; nil when it does.
func (m moment) refusal(d dossier, unit *models.Unit, nothing bool) *models.Error {
	switch {
	case d.rule.Form() == rules.FormRotation:
		return models.NewError(models.Conflict, "duty.judged_from_roster")
	case d.row.Outcome == models.Withdrawn || m.gone(unit):
		return models.NewError(models.Conflict, "duty.unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case d.row.Outcome == models.Exempt:
		return models.NewError(models.Conflict, "duty.exempt_refused", "Reason", d.exemption(m.today).Reason)
	case d.row.Outcome == models.Met || d.row.Outcome == models.Late:
		return models.NewError(models.Conflict, "duty.already_done", "DoneOn", d.row.DoneOn)
	case m.today < d.row.Since:
		return models.NewError(models.Conflict, "duty.not_begun", "Since", d.row.Since)
	case waiting(d.reports) && (nothing || !d.takesSeveral()):
		return models.NewError(models.Conflict, "duty.waits")
	case d.row.DueOn.IsZero() && !nothing:
		return models.NewError(models.Conflict, "duty.register_first")
	default:
		return nil
	}
}

// bar says why nothing can be filed now, or not that there is nothing to report:
// the duty takes none, or filing for its year is closed; nil when it can.
func (m moment) bar(db *gorm.DB, d dossier, unit *models.Unit, nothing bool) (*models.Error, error) {
	if refusal := m.refusal(d, unit, nothing); refusal != nil {
		return refusal, nil
	}
	return m.closedFor(db, &d.row, unit, d.returnedAt())
}

// returnedAt is when the duty's last report was sent back; nil when it was not.
func (d dossier) returnedAt() *time.Time {
	if len(d.reports) == 0 || d.reports[len(d.reports)-1].Status != models.Returned {
		return nil
	}
	return d.reports[len(d.reports)-1].DecidedAt
}

// closed says why the duty takes no report of any sort now; nil when it does.
func (m moment) closed(db *gorm.DB, d dossier, unit *models.Unit) (*models.Error, error) {
	standing, err := closingsAt(db, unit.Path)
	if err != nil {
		return nil, err
	}
	return m.closedBy(standing, d, unit), nil
}

// closedBy is closed with the closings that stand over the unit.
func (m moment) closedBy(standing []ClosingView, d dossier, unit *models.Unit) *models.Error {
	refusal := m.refusal(d, unit, true)
	if refusal != nil {
		refusal = m.refusal(d, unit, false)
	}
	if refusal != nil {
		return refusal
	}
	if c := m.closingOf(standing, &d.row, unit.Path, d.returnedAt()); c != nil {
		return c.refusal()
	}
	return nil
}

// gone tells whether the unit has been closed.
func (m moment) gone(unit *models.Unit) bool {
	return !unit.ClosedOn.IsZero() && unit.ClosedOn <= m.today
}

func waiting(reports []models.Report) bool {
	return slices.ContainsFunc(reports, func(r models.Report) bool { return r.Status.Waits() })
}

// takesSeveral tells whether reports may be filed while one waits: a count of
// more than one takes an event each.
func (d dossier) takesSeveral() bool { return d.rule.Count != nil && d.rule.Count.Min > 1 }
