package assessment

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// AssignAssessor gives somebody a class of a round to verify, while it is being scored.
// They need a grant as assessor that covers the office. That they have the class already
// is no error.
func (d *Desk) AssignAssessor(ctx context.Context, actor compliance.Actor, round uint64, login, class string) error {
	return d.write(ctx, actor, func(w *write) error {
		row, office, err := w.assessorRow(round, login, class, true)
		if err != nil || row.ID != 0 {
			return err
		}
		if err := w.tx.Create(&row).Error; err != nil {
			return fmt.Errorf("store assessor: %w", err)
		}
		return w.record(compliance.Act{Action: "assign", Object: "round", ID: round, Unit: &office, Permission: manageRound, Detail: map[string]any{"login": login, "class": class}})
	})
}

// UnassignAssessor takes a class of a round from somebody, while it is being scored. What
// they have verified stays. That they do not have the class is no error.
func (d *Desk) UnassignAssessor(ctx context.Context, actor compliance.Actor, round uint64, login, class string) error {
	return d.write(ctx, actor, func(w *write) error {
		row, office, err := w.assessorRow(round, login, class, false)
		if err != nil || row.ID == 0 {
			return err
		}
		if err := w.tx.Delete(&row).Error; err != nil {
			return fmt.Errorf("remove assessor: %w", err)
		}
		return w.record(compliance.Act{Action: "unassign", Object: "round", ID: round, Unit: &office, Permission: manageRound, Detail: map[string]any{"login": login, "class": class}})
	})
}

// assessorRow returns the row by which somebody has a class of the round, a new one when
// they do not have it, and the office. Where eligible is asked for, somebody who is not
// is Invalid.
func (w *write) assessorRow(round uint64, login, class string, eligible bool) (models.RoundAssessor, models.Unit, error) {
	row := models.RoundAssessor{RoundID: round, Class: class}
	of, office, scheme, err := w.managedRound(round)
	if err == nil {
		err = whileScoring(of)
	}
	if err != nil {
		return row, office, err
	}
	if !slices.Contains(classesOf(scheme), class) {
		return row, office, models.InvalidFields([]models.Field{{Name: "class", Key: "rounds.class_unknown", Args: models.Args("Value", class)}})
	}
	query := w.tx.Where("login = ?", login)
	if eligible {
		query = w.eligible(office).Where("users.login = ?", login)
	}
	var user models.User
	if err := query.Limit(1).Find(&user).Error; err != nil {
		return row, office, fmt.Errorf("assessor: %w", store.Translate(err))
	}
	if user.ID == 0 {
		return row, office, models.InvalidFields([]models.Field{{Name: "login", Key: "rounds.no_assessor", Args: models.Args("Value", login)}})
	}
	row.UserID = user.ID
	err = w.tx.Where("round_id = ? AND user_id = ? AND class = ?", round, user.ID, class).Limit(1).Find(&row).Error
	return row, office, store.Translate(err)
}

// eligible begins a query on the users who may be given classes of the office's rounds:
// those with a grant as assessor over it.
func (w *write) eligible(office models.Unit) *gorm.DB {
	return w.tx.Model(&models.User{}).Where("users.disabled = ? AND EXISTS (SELECT 1 FROM grants g WHERE g.user_id = users.id AND g.role = ? AND g.unit_id IN ?)",
		false, models.Assessor, lineage(office.Path))
}

// lineage lists the ids of a unit and of those above it.
func lineage(path string) []uint64 {
	var ids []uint64
	for step := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseUint(step, 10, 63); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// AssessorView is somebody who verifies sheets of a round: the classes that the round
// gives them, how many sheets of those wait, and how many they have verified. The office
// itself verifies without being given a class.
type AssessorView struct {
	User     models.User
	Classes  []string
	Waiting  int
	Verified int
}

// assessors lists who was given classes or has verified, by login.
func (w *write) assessors(round models.Round, classes []ClassProgress) ([]AssessorView, error) {
	var rows []models.RoundAssessor
	if err := w.tx.Where("round_id = ?", round.ID).Order("class").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("assessors of round %d: %w", round.ID, store.Translate(err))
	}
	var counts []struct {
		VerifiedBy uint64
		Count      int
	}
	if err := w.tx.Model(&models.Sheet{}).Where("round_id = ? AND verified_by IS NOT NULL AND status = ?", round.ID, models.SheetVerified).
		Group("verified_by").Select("verified_by, COUNT(*) AS count").Scan(&counts).Error; err != nil {
		return nil, fmt.Errorf("verified sheets of round %d: %w", round.ID, store.Translate(err))
	}
	byUser := map[uint64]*AssessorView{}
	of := func(id uint64) *AssessorView {
		if byUser[id] == nil {
			byUser[id] = &AssessorView{}
		}
		return byUser[id]
	}
	for _, row := range rows {
		view := of(row.UserID)
		view.Classes = append(view.Classes, row.Class)
		for _, class := range classes {
			if class.ID == row.Class {
				view.Waiting += class.Submitted
			}
		}
	}
	for _, count := range counts {
		of(count.VerifiedBy).Verified = count.Count
	}
	return w.named(byUser)
}

// named brings the users to their views, by login.
func (w *write) named(views map[uint64]*AssessorView) ([]AssessorView, error) {
	ids := make([]uint64, 0, len(views))
	for id := range views {
		ids = append(ids, id)
	}
	var users []models.User
	if err := w.tx.Where("id IN ?", ids).Order("login").Find(&users).Error; err != nil {
		return nil, fmt.Errorf("assessors: %w", store.Translate(err))
	}
	list := make([]AssessorView, len(users))
	for i, user := range users {
		list[i] = *views[user.ID]
		list[i].User = user
	}
	return list, nil
}
