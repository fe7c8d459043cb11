package assessment

import (
	"fmt"

	"sundial/models"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/store"
)

// tell tells those concerned what was done, not who did it.
func (w *write) tell(note notify.Note) error {
	note.Kind, note.Except = models.MessageScore, w.actor.ID
	return notify.Send(w.tx, w.at, w.today, note)
}

func (w *write) tellReturned(p *paper) error {
	return w.tell(notify.Note{Unit: p.unit, To: scoreSelf, Object: "sheet", ObjectID: p.sheet.ID, Urgent: true, Text: rules.Reason{Key: "sheets.message.returned",
		Args: models.Args("Unit", notify.UnitName(p.unit), "Round", p.round.Title, "Until", p.round.SelfUntil, "Reason", p.sheet.ReturnReason)}})
}

// tellAnnounced tells all units of the round, in one message, until when they may appeal.
func (w *write) tellAnnounced(round models.Round, office models.Unit, scheme *scoring.Scheme) error {
	until, _, _, err := w.appealsOver(round, scheme)
	if err != nil {
		return err
	}
	var units []models.Unit
	if err := w.tx.Where("id IN (?)", w.tx.Model(&models.Sheet{}).Select("unit_id").Where("round_id = ?", round.ID)).Find(&units).Error; err != nil {
		return fmt.Errorf("units of round %d: %w", round.ID, store.Translate(err))
	}
	return w.tell(notify.Note{Unit: office, Units: units, To: fileAppeal, Object: "round", ObjectID: round.ID, Text: rules.Reason{Key: "rounds.message.announced",
		Args: models.Args("Office", notify.UnitName(office), "Round", round.Title, "Until", until)}})
}

func (w *write) tellAppealFiled(p *paper, row *models.Appeal) error {
	return w.tell(notify.Note{Unit: p.office, To: decideAppeal, Object: "appeal", ObjectID: row.ID, Text: rules.Reason{Key: "appeals.message.filed", Args: p.appealWords(row)}})
}

func (w *write) tellAppealDecided(p *paper, row *models.Appeal) error {
	return w.tell(notify.Note{Unit: p.unit, To: fileAppeal, Object: "appeal", ObjectID: row.ID,
		Text: rules.Reason{Key: "appeals.message." + appealOutcome(*row, p.marks[row.Indicator]), Args: p.appealWords(row)}})
}

func (p *paper) appealWords(row *models.Appeal) map[string]any {
	args := models.Args("Unit", notify.UnitName(p.unit), "Round", p.round.Title, "FiledOn", row.FiledOn, "Indicator", "")
	if indicator, found := p.scheme.Find(row.Indicator); found {
		args["Indicator"] = indicator.Title
	}
	return args
}
