package compliance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// MaxSource is the largest policy pack, in bytes.
const MaxSource = 1 << 20

// pack is a policy pack as text and as what it says.
type pack struct {
	text   string
	policy *rules.Policy
}

// packOf reads a policy pack. One that is too large or no UTF-8 is Invalid;
// faults in it come out as rules.ParsePolicy has them, all with their lines.
func packOf(source []byte) (pack, error) {
	switch {
	case len(source) > MaxSource:
		return pack{}, models.InvalidFields([]models.Field{{Name: "source", Key: "policy.too_large", Args: models.Args("Max", MaxSource>>20)}})
	case !utf8.Valid(source):
		return pack{}, models.InvalidFields([]models.Field{{Name: "source", Key: "policy.not_utf8"}})
	}
	// Forms end lines with CR and LF, whatever the text had.
	text := strings.ReplaceAll(string(source), "\r\n", "\n")
	policy, err := rules.ParsePolicy([]byte(text))
	return pack{text, policy}, err
}

// LoadPolicy stores a policy pack with its obligations. The same pack again
// changes nothing; another pack with the same id is a Conflict, since its duties
// may already be judged: Amend is for that. The program itself may load any
// pack; an actor must be allowed to activate policies for all units of its
// region, or it is Forbidden.
func (l *Ledger) LoadPolicy(ctx context.Context, actor Actor, source []byte) error {
	p, err := packOf(source)
	if err != nil {
		return err
	}
	return l.write(ctx, actor, func(w *write) error {
		if actor.ID != 0 {
			if err := w.mayBind(p.policy.Region); err != nil {
				return err
			}
		}
		return w.loadPolicy(p)
	})
}

// mayBind refuses an actor who may not activate policies for all units of the
// region.
func (w *write) mayBind(region string) error {
	scope := w.actor.Access.Scope("policy", "activate")
	units, err := w.unitsOf(region)
	if err != nil {
		return err
	}
	outside := func(u models.Unit) bool { return !scope.Contains(u.Path) }
	if len(units) == 0 && !scope.Contains("/") || slices.ContainsFunc(units, outside) {
		return models.NewError(models.Forbidden, "policy.not_your_region", "Region", region)
	}
	return nil
}

// bindable returns the policy with the code and the library that it stands in. An
// unknown one is NotFound, one for a region that the actor may not bind Forbidden.
func (w *write) bindable(code string) (*library, *book, error) {
	lib, err := w.lib()
	if err != nil {
		return nil, nil, err
	}
	b, err := lib.find(code)
	if err != nil {
		return nil, nil, err
	}
	return lib, b, w.mayBind(b.policy.Region)
}

func (w *write) loadPolicy(p pack) error {
	policy := p.policy
	var old models.Policy
	switch err := w.tx.Where("code = ?", policy.ID).Take(&old).Error; {
	case err == nil && old.Source == p.text:
		return nil
	case err == nil:
		return models.NewError(models.Conflict, "policy.loaded_differently", "Policy", policy.ID)
	case !errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("policy: %w", err)
	}
	if err := w.obligationsFree(policy, 0); err != nil {
		return err
	}
	row := models.Policy{Code: policy.ID, LoadedAt: w.moment.at, Edition: 1, Levels: 1}
	describe(&row, p)
	*w.policies = nil
	if err := w.tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store policy: %w", err)
	}
	if err := w.storeEdition(row, "", models.Always); err != nil {
		return err
	}
	obligations := make([]models.Obligation, len(policy.Obligations))
	for i := range policy.Obligations {
		obligations[i] = obligationRow(&policy.Obligations[i], row.ID, i)
	}
	if err := w.tx.CreateInBatches(obligations, batch).Error; err != nil {
		return fmt.Errorf("store obligations: %w", err)
	}
	return w.record(event{action: "load", object: "policy", id: row.ID, detail: map[string]any{"code": row.Code, "obligations": len(obligations)}})
}

// describe puts on the row what a pack says of its document.
func describe(row *models.Policy, p pack) {
	row.Number, row.TitleZH, row.TitleEN = p.policy.Number, p.policy.Title.ZH, p.policy.Title.EN
	row.Published, row.Source = p.policy.Published, p.text
}

func obligationRow(o *rules.Obligation, policy uint64, position int) models.Obligation {
	return models.Obligation{PolicyID: policy, Code: o.ID, Position: position, Clause: o.Clause, TitleZH: o.Title.ZH, TitleEN: o.Title.EN}
}

// obligationsFree refuses obligations whose ids another policy has.
func (w *write) obligationsFree(policy *rules.Policy, own uint64) error {
	codes := make([]string, len(policy.Obligations))
	for i, o := range policy.Obligations {
		codes[i] = o.ID
	}
	var taken []models.Obligation
	if err := w.tx.Where("code IN ? AND policy_id <> ?", codes, own).Order("position").Find(&taken).Error; err != nil {
		return fmt.Errorf("obligations: %w", err)
	}
	var fields []models.Field
	for _, row := range taken {
		line := 0
		if o, ok := policy.Find(row.Code); ok {
			line = o.Line
		}
		fields = append(fields, models.Field{Name: fmt.Sprintf("line %d", line), Key: "policy.obligation_taken", Args: models.Args("Value", row.Code)})
	}
	return models.InvalidFields(fields)
}

// storeEdition keeps the edition that the row now has, known from the day on.
func (w *write) storeEdition(row models.Policy, reason string, knownOn calendar.Date) error {
	kept := models.PolicyEdition{PolicyID: row.ID, Edition: row.Edition, Source: row.Source, Reason: reason, LoadedAt: row.LoadedAt, KnownOn: knownOn}
	if w.actor.ID != 0 {
		kept.LoadedBy = &w.actor.ID
	}
	if err := w.tx.Create(&kept).Error; err != nil {
		return fmt.Errorf("store edition: %w", err)
	}
	return nil
}
