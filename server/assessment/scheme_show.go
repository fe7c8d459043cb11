package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/store"
)

// SchemeView is an edition of a scheme with its content and where it comes from.
type SchemeView struct {
	SchemeLine
	Scheme *scoring.Scheme
	// Base is the edition that it was copied from, nil when it was not, or when the
	// reader may not read it; Changes are the differences to it, of drafts.
	Base    *models.ScoringScheme
	Changes *SchemeChanges
	// CreatedName and FrozenName are empty where it was the program itself.
	CreatedName string
	FrozenName  string
	// Obligations are those that auto indicators are scored by, by their ids; one that
	// no policy has is missing.
	Obligations map[string]SchemeObligation
	// Editions are all editions of the scheme that the reader may read, the latest first.
	Editions []models.ScoringScheme
}

// SchemeObligation is an obligation that an auto indicator is scored by, with the id of
// its policy.
type SchemeObligation struct {
	Policy string
	Clause string
	Title  rules.Text
}

// Scheme returns an edition of a scheme that the actor may read.
func (d *Desk) Scheme(ctx context.Context, actor compliance.Actor, id uint64) (*SchemeView, error) {
	w := d.look(ctx, actor)
	row, office, err := w.readableScheme(w.tx.Where("id = ?", id))
	if err != nil {
		return nil, err
	}
	v := &SchemeView{SchemeLine: SchemeLine{ScoringScheme: row, Office: office, Manages: w.may(manageScheme, office)}}
	if v.Scheme, err = w.shelf.scheme(row); err != nil {
		return nil, err
	}
	lines := []SchemeLine{v.SchemeLine}
	if err := w.addRounds(lines); err != nil {
		return nil, err
	}
	v.SchemeLine = lines[0]
	if v.Obligations, err = w.obligationsOf(v.Scheme); err != nil {
		return nil, err
	}
	for _, add := range []func(*SchemeView) error{w.addBase, w.addEditions, w.addSchemeNames} {
		if err := add(v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// addBase adds the edition that it was copied from, and how a draft differs from it.
func (w *write) addBase(v *SchemeView) error {
	if v.BasedOn == nil {
		return nil
	}
	base, _, err := w.readableScheme(w.tx.Where("id = ?", *v.BasedOn))
	switch {
	case models.IsCode(err, models.NotFound):
		return nil
	case err != nil:
		return err
	}
	v.Base = &base
	if v.Status != models.SchemeDraft {
		return nil
	}
	was, err := w.shelf.scheme(base)
	if err == nil {
		v.Changes = changesOf(was, v.Scheme)
	}
	return err
}

func (w *write) addEditions(v *SchemeView) error {
	query := w.tx.Omit("source").Where("code = ? AND unit_id = ?", v.Code, v.UnitID)
	if !v.Manages {
		query = query.Where("status = ?", models.SchemeFrozen)
	}
	if err := query.Order("edition DESC").Find(&v.Editions).Error; err != nil {
		return fmt.Errorf("editions of scheme %s: %w", v.Code, store.Translate(err))
	}
	return nil
}

func (w *write) addSchemeNames(v *SchemeView) error {
	var ids []uint64
	for _, id := range []*uint64{v.CreatedBy, v.FrozenBy} {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	var users []models.User
	if err := w.tx.Where("id IN ?", ids).Find(&users).Error; err != nil {
		return fmt.Errorf("names of users: %w", store.Translate(err))
	}
	for _, user := range users {
		if v.CreatedBy != nil && *v.CreatedBy == user.ID {
			v.CreatedName = user.Name
		}
		if v.FrozenBy != nil && *v.FrozenBy == user.ID {
			v.FrozenName = user.Name
		}
	}
	return nil
}

// obligationsOf finds the obligations that the scheme names among those of the policies.
func (w *write) obligationsOf(scheme *scoring.Scheme) (map[string]SchemeObligation, error) {
	var rows []struct {
		models.Obligation
		PolicyCode string
	}
	err := w.tx.Model(&models.Obligation{}).Select("obligations.*, policies.code AS policy_code").
		Joins("JOIN policies ON policies.id = obligations.policy_id").Where("obligations.code IN ?", scheme.Obligations()).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("obligations of scheme %s: %w", scheme.ID, store.Translate(err))
	}
	found := make(map[string]SchemeObligation, len(rows))
	for _, row := range rows {
		found[row.Code] = SchemeObligation{Policy: row.PolicyCode, Clause: row.Clause, Title: rules.Text{ZH: row.TitleZH, EN: row.TitleEN}}
	}
	return found, nil
}
