package assessment

import "sundial/models"

// appealAttachment returns an appeal as the owner of files, while it waits.
func (w *write) appealAttachment(p *paper, owner FileOwner) (*attachment, error) {
	var row models.Appeal
	query := w.tx.Where("id = ? AND sheet_id = ? AND indicator = ?", *owner.AppealID, owner.SheetID, owner.Indicator)
	if err := one(query, &row, "scorefile.unknown"); err != nil {
		return nil, err
	}
	if err := w.actor.Allow(fileAppeal, p.unit); err != nil {
		return nil, err
	}
	return &attachment{owner, p.unit, fileAppeal}, p.waits(&row, row.Version)
}
