package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// RoundView is a round as the actor sees it.
type RoundView struct {
	models.Round
	Office  models.Unit
	Scheme  *scoring.Scheme
	Edition models.ScoringScheme
	// Whole tells that the actor sees all sheets, Assesses that they score for the office,
	// Manages that they open and announce its rounds. Progress and assessors are those of
	// the whole round, and left out for others.
	Whole, Assesses, Manages bool
	Total                    Progress
	Classes                  []ClassProgress
	Assessors                []AssessorView
	// Eligible are those who may be given classes, for who manages.
	Eligible []models.User
	// AppealsUntil is the last day of appeals, of a round that is being scored if it were
	// announced today; provisional while the calendar may still move it. Over tells that it
	// has passed, AppealsWaiting how many appeals wait for a decision.
	AppealsUntil       calendar.Date
	AppealsProvisional bool
	AppealsOver        bool
	AppealsWaiting     int
	// Blocked is why the round cannot be announced, or frozen, as it is now.
	Blocked *models.Error
}

// ClassProgress is the progress of a class.
type ClassProgress struct {
	scoring.Class
	Progress
}

// Round returns a round; one that scores no unit whose score the actor reads is NotFound.
func (d *Desk) Round(ctx context.Context, actor compliance.Actor, id uint64) (*RoundView, error) {
	w := d.look(ctx, actor)
	view := &RoundView{}
	var err error
	if view.Round, view.Office, view.Scheme, view.Whole, err = w.seenRound(id); err != nil {
		return nil, err
	}
	editions, err := w.editions([]uint64{view.SchemeID})
	if err != nil {
		return nil, err
	}
	view.Edition = editions[view.SchemeID]
	view.Assesses, view.Manages = w.assesses(view.Office), w.may(manageRound, view.Office)
	announced := view.Round
	if announced.Status == models.RoundScoring {
		announced.AnnouncedOn = w.today
	}
	if view.AppealsUntil, view.AppealsProvisional, view.AppealsOver, err = w.appealsOver(announced, view.Scheme); err != nil {
		return nil, err
	}
	if !view.Whole {
		return view, nil
	}
	return view, w.fill(view)
}

// fill brings what those see who see the whole round.
func (w *write) fill(view *RoundView) error {
	counts, err := w.progress([]uint64{view.ID})
	if err != nil {
		return err
	}
	for _, class := range view.Scheme.Classes {
		of := ClassProgress{Class: class}
		for _, count := range counts {
			if count.Class == class.ID {
				of.Progress = count.Progress
			}
		}
		view.Total.add(of.Progress)
		view.Classes = append(view.Classes, of)
	}
	if view.Assessors, err = w.assessors(view.Round, view.Classes); err != nil {
		return err
	}
	if view.AppealsWaiting, err = w.appealsWaiting(view.Round); err != nil || !view.Manages {
		return err
	}
	if err := w.blocked(view); !errors.As(err, &view.Blocked) && err != nil {
		return err
	}
	if err := w.eligible(view.Office).Order("users.login").Find(&view.Eligible).Error; err != nil {
		return fmt.Errorf("assessors of %s: %w", view.Office.Code, store.Translate(err))
	}
	return nil
}

// blocked refuses what the round's next step is, as that step would.
func (w *write) blocked(view *RoundView) error {
	switch {
	case view.Status == models.RoundAnnounced:
		return w.refuseOpenAppeals(view.Round, view.Scheme)
	case view.Status == models.RoundScoring && view.Total.Sheets == 0:
		return models.NewError(models.Conflict, "rounds.empty")
	case view.Status == models.RoundScoring:
		return w.refuseUnready(view.Round)
	}
	return nil
}

// RoundSheet is a sheet in the list of a round, with its unit as it is now.
type RoundSheet struct {
	models.Sheet
	Unit models.Unit
}

// SheetQuery asks for sheets of a round; empty fields do not narrow it. Text is looked for
// in the names and codes of units. Unready asks for those that cannot be announced yet.
type SheetQuery struct {
	Class   string
	Status  models.SheetStatus
	Unready bool
	Text    string
	// Cursor is where the page before ended, Limit how many there are on a page.
	Cursor string
	Limit  int
}

// SheetPage is a page of the sheets of a round by their classes, in the scheme's order,
// and the codes of their units; Next is the
// cursor of the next one, empty after the last.
type SheetPage struct {
	Items []RoundSheet
	Total int
	Next  string
}

// RoundSheets lists the sheets of a round that the actor sees, with totals that are in
// step with duties.
func (d *Desk) RoundSheets(ctx context.Context, actor compliance.Actor, id uint64, q SheetQuery) (*SheetPage, error) {
	w := d.look(ctx, actor)
	round, office, scheme, whole, err := w.seenRound(id)
	if err != nil {
		return nil, err
	}
	if err := d.Freshen(ctx, id); err != nil {
		return nil, err
	}
	var total int64
	if err := q.within(w.seenSheets(round, whole)).Count(&total).Error; err != nil {
		return nil, fmt.Errorf("sheets of round %d: %w", id, store.Translate(err))
	}
	query := q.within(w.seenSheets(round, whole)).Select("s.*").Limit(q.Limit + 1)
	place := placeOfClass(scheme)
	// In one expression: a second Order would take the place of the first.
	query = query.Order(clause.OrderBy{Expression: clause.Expr{SQL: place.SQL + ", u.code", Vars: place.Vars}})
	if class, code, found := strings.Cut(q.Cursor, cursorSign); found {
		at := slices.IndexFunc(scheme.Classes, func(c scoring.Class) bool { return c.ID == class })
		query = query.Where("(? > ? OR ? = ? AND u.code > ?)", place, at, place, at, code)
	}
	var sheets []models.Sheet
	if err := query.Scan(&sheets).Error; err != nil {
		return nil, fmt.Errorf("sheets of round %d: %w", id, store.Translate(err))
	}
	page := &SheetPage{Total: int(total)}
	more := len(sheets) > q.Limit
	sheets = sheets[:min(len(sheets), q.Limit)]
	units, err := w.unitsByID(unitsOf(sheets))
	if err != nil {
		return nil, err
	}
	for _, sheet := range sheets {
		page.Items = append(page.Items, RoundSheet{w.disclosed(sheet, round, office), units[sheet.UnitID]})
	}
	if more {
		last := page.Items[len(page.Items)-1]
		page.Next = last.Class + cursorSign + last.Unit.Code
	}
	return page, nil
}

// cursorSign stands between the class and the code of a cursor; neither has it.
const cursorSign = "~"

// placeOfClass is the place of a sheet's class in the scheme, as SQL.
func placeOfClass(scheme *scoring.Scheme) clause.Expr {
	place := clause.Expr{SQL: "CASE s.class"}
	for n, class := range scheme.Classes {
		place.SQL += " WHEN ? THEN " + strconv.Itoa(n)
		place.Vars = append(place.Vars, class.ID)
	}
	place.SQL += " ELSE " + strconv.Itoa(len(scheme.Classes)) + " END"
	return place
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// within narrows the query on sheets s with units u to what is asked for.
func (q SheetQuery) within(query *gorm.DB) *gorm.DB {
	if q.Class != "" {
		query = query.Where("s.class = ?", q.Class)
	}
	if q.Status != "" {
		query = query.Where("s.status = ?", q.Status)
	}
	if q.Unready {
		query = query.Where("(s.status <> ? OR s.missing > 0)", models.SheetVerified)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(u.code LIKE ? ESCAPE '!' OR lower(s.unit_name) LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like, like)
	}
	return query
}

func (w *write) unitsByID(ids []uint64) (map[uint64]models.Unit, error) {
	var rows []models.Unit
	if err := w.tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("units of sheets: %w", store.Translate(err))
	}
	units := make(map[uint64]models.Unit, len(rows))
	for _, row := range rows {
		units[row.ID] = row
	}
	return units, nil
}
