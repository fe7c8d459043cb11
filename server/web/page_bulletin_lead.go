package web

import (
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/rules"
)

// BulletinLeads are the sentences above the tables of a bulletin: what their numbers say.
// One of which there is nothing to say is empty.
type BulletinLeads struct {
	Total, Board, Obligations, Late, Named rules.Reason
	// Units is nil where all have the same completion.
	Units *BulletinExtremes
}

// BulletinExtremes are the units whose completion, or score, is highest and lowest.
type BulletinExtremes struct {
	Best, Worst rules.Reason
	High, Low   string
}

func bulletinLeads(d *bulletin.Data) BulletinLeads {
	l := BulletinLeads{Total: totalLead(d.Total), Board: boardLead(d), Obligations: obligationsLead(d), Units: unitsLead(d)}
	if d.Late != nil && d.Late.Total() > 0 {
		l.Late = rules.Reason{Key: "bulletins.lead.late", Args: models.Args("Overdue", d.Late.Overdue, "Done", d.Late.Done)}
	}
	if len(d.Praise)+len(d.Criticism) > 0 {
		l.Named = rules.Reason{Key: "bulletins.lead.named", Args: models.Args("Praised", unitsIn(d.Praise), "Criticised", unitsIn(d.Criticism))}
	}
	return l
}

func totalLead(t bulletin.Tally) rules.Reason {
	key := "bulletins.lead.total"
	if t.Overdue > 0 {
		key = "bulletins.lead.total_overdue"
	}
	return rules.Reason{Key: key, Args: models.Args("Owed", t.Owed, "Done", t.Done, "Completion", rateText(t.Completion), "Overdue", t.Overdue)}
}

// boardLead says how many units have nothing overdue.
func boardLead(d *bulletin.Data) rules.Reason {
	units, clear := 0, 0
	for _, row := range d.Rows {
		if row.Own {
			continue
		}
		units++
		if row.Overdue == 0 {
			clear++
		}
	}
	switch {
	case units == 0:
		return rules.Reason{}
	case clear == units:
		return rules.Reason{Key: "bulletins.lead.board_clear", Args: models.Args("Units", units)}
	default:
		return rules.Reason{Key: "bulletins.lead.board", Args: models.Args("Units", units, "Clear", clear, "Behind", units-clear)}
	}
}

// obligationsLead says of which obligation most is overdue.
func obligationsLead(d *bulletin.Data) rules.Reason {
	worst := bulletin.Obligation{}
	for _, o := range d.Obligations {
		if o.Overdue > worst.Overdue {
			worst = o
		}
	}
	if worst.Overdue == 0 {
		return rules.Reason{Key: "bulletins.lead.obligations_clear"}
	}
	return rules.Reason{Key: "bulletins.lead.obligations", Args: models.Args("Title", rules.Text(worst.Title), "Overdue", worst.Overdue, "All", d.Total.Overdue)}
}

// unitsLead names the units whose completion is highest and lowest.
func unitsLead(d *bulletin.Data) *BulletinExtremes {
	var high, low *bulletin.Rate
	for _, row := range d.Rows {
		if row.Own || row.Completion == nil {
			continue
		}
		if high == nil || *row.Completion > *high {
			high = row.Completion
		}
		if low == nil || *row.Completion < *low {
			low = row.Completion
		}
	}
	if high == nil || *high == *low {
		return nil
	}
	with := func(rate bulletin.Rate) rules.Reason {
		var names []rules.Text
		for _, row := range d.Rows {
			if !row.Own && row.Completion != nil && *row.Completion == rate {
				names = append(names, bothNames(row.Unit))
			}
		}
		return namesOf(names)
	}
	return &BulletinExtremes{Best: with(*high), Worst: with(*low), High: rateText(high), Low: rateText(low)}
}

// rankingLead names who is first in a class and the scores between which all are.
func rankingLead(class bulletin.RankedClass) *BulletinExtremes {
	if class.Scored == 0 {
		return nil
	}
	var first []rules.Text
	for _, unit := range class.Units {
		if unit.Rank == 1 {
			first = append(first, bothNames(unit.Unit))
		}
	}
	return &BulletinExtremes{Best: namesOf(first), High: class.Units[0].Score, Low: class.Units[class.Scored-1].Score}
}

// namedAtMost is how many units a sentence names.
const namedAtMost = 3

// namesOf lists the names; of many the first ones and how many they are.
func namesOf(names []rules.Text) rules.Reason {
	if len(names) > namedAtMost {
		return rules.Reason{Key: "bulletins.names_of_many", Args: models.Args("Names", names[:namedAtMost], "Count", len(names))}
	}
	return rules.Reason{Key: "bulletins.names", Args: models.Args("Names", names)}
}

func bothNames(u bulletin.Unit) rules.Text {
	if u.NameEN == "" {
		return rules.Text{ZH: u.Name, EN: u.Name}
	}
	return rules.Text{ZH: u.Name, EN: u.NameEN}
}

// unitsIn counts the units that are named, each once.
func unitsIn(list []bulletin.Named) int {
	codes := map[string]bool{}
	for _, named := range list {
		codes[named.Unit.Code] = true
	}
	return len(codes)
}
