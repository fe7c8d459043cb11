package compliance

import (
	"context"
	"time"

	"sundial/models"
	"sundial/server/rules"
)

// History replays what people did at past moments, all in one transaction: the
// demo's years, and later imports. Each step is the same code, with the same
// checks and audit entry, as if it were done now.
type History struct{ w *write }

// Replay runs f in one transaction. Steps must come in the order of time, duty
// by duty. People are told only of what was done in the last replayTells days.
func (l *Ledger) Replay(ctx context.Context, f func(h *History) error) error {
	return l.write(ctx, Actor{}, func(w *write) error {
		w.later, w.silentBefore = newTallyMoves(), w.today-replayTells
		if err := f(&History{w}); err != nil {
			return err
		}
		moved := w.later
		w.later = nil
		return w.apply(moved)
	})
}

// As returns the history at a moment, with who acts then.
func (h *History) As(actor Actor, at time.Time) *History {
	w := h.w.at(at)
	w.actor = actor
	return &History{w}
}

// LoadPolicy is Ledger.LoadPolicy.
func (h *History) LoadPolicy(source []byte) error {
	p, err := packOf(source)
	if err != nil {
		return err
	}
	return h.w.loadPolicy(p)
}

// Activate is Ledger.Activate.
func (h *History) Activate(policy string, year int) (Activation, error) {
	return h.w.activate(policy, year, "")
}

// Duties returns the duties of a policy that stand on the board of a year, in
// the order of units and obligations.
func (h *History) Duties(policy string, year int) ([]HistoryDuty, error) {
	lib, err := h.w.lib()
	if err != nil {
		return nil, err
	}
	b, err := lib.find(policy)
	if err != nil {
		return nil, err
	}
	var rows []models.Duty
	err = h.w.tx.Joins("JOIN obligations o ON o.id = duties.obligation_id AND o.policy_id = ?", b.row.ID).
		Where("duties.year = ?", year).Order("duties.unit_id, o.position, duties.period, duties.id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	duties := make([]HistoryDuty, len(rows))
	for i, row := range rows {
		e, err := lib.of(row)
		if err != nil {
			return nil, err
		}
		duties[i] = HistoryDuty{Duty: row, Rule: e.rule, Term: ruleDuty(e, row)}
	}
	return duties, nil
}

// HistoryDuty is a duty with its rule.
type HistoryDuty struct {
	models.Duty
	Rule *rules.Obligation
	Term rules.Duty
}

// File is Ledger.File of a filing alone.
func (h *History) File(duty uint64, filing rules.Filing) (*models.Report, error) {
	receipt, err := h.w.file(duty, Submission{Filing: filing})
	if err != nil {
		return nil, err
	}
	return receipt.Report, nil
}

// Verify is Ledger.Verify.
func (h *History) Verify(report uint64, version int) (*models.Report, error) {
	return h.w.decide(report, version, models.Verified, "")
}

// Return is Ledger.Return.
func (h *History) Return(report uint64, version int, reason string) (*models.Report, error) {
	return h.w.decide(report, version, models.Returned, reason)
}

// Exempt is Ledger.Exempt.
func (h *History) Exempt(duty uint64, reason, document string) error {
	return h.w.exempt(duty, reason, document)
}

// RegisterStart is Ledger.RegisterStart.
func (h *History) RegisterStart(duty uint64, input StartInput) error {
	return h.w.registerStart(duty, input)
}
