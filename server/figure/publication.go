package figure

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// termStep is how many working days a bar of the publication figure spans.
const termStep = 5

// publication is how many working days the units used for what is due within so many.
func (d *Desk) publication(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	terms, err := d.Ledger.Terms(ctx, compliance.BoardQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Policy: q.Policy})
	if err != nil {
		return nil, err
	}
	if terms.Count == 0 {
		return &Figure{Finding: rules.Reason{Key: "figures1.publication.none"},
			Empty: &Empty{Reason: rules.Reason{Key: "figures1.publication.empty", Args: models.Args("Unit", organizationName(q.Unit), "Year", q.Year)}}}, nil
	}
	if terms.Count > compliance.MaxListed {
		return tooMany(q, terms.Count), nil
	}
	f := &Figure{Finding: publicationFinding(terms), Source: rules.Reason{Key: "figures1.source.verified"},
		Measure: rules.Reason{Key: "figures1.publication.measure", Args: models.Args("Title", terms.Obligation.Title)},
		Columns: []Column{{Key: "board.unit"}, {Key: "figures1.state"}, {Key: "figures1.publication.day"}, {Key: "figures1.publication.used"}, {Key: "figures1.publication.late"}}}
	for _, row := range slices.SortedStableFunc(slices.Values(terms.Rows), func(a, b compliance.TermRow) int { return cmp.Compare(b.Used, a.Used) }) {
		line := Row{{row.Unit, &Behind{Unit: row.Unit.Code, Page: "unit"}}, {rules.Reason{Key: "state." + string(row.State)}, &Behind{Duty: row.Duty.ID}}, {}, {}, {}}
		if row.Done() {
			line[2].Of, line[3].Of = row.Duty.DoneOn, row.Used
			if row.State == rules.Late {
				line[4].Of = row.Late
			}
		}
		f.Rows = append(f.Rows, line)
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return publicationChart(l, description, terms) }
	return f, nil
}

// tooMany asks for a unit below where there are more duties than can be read one by one.
func tooMany(q Query, count int) *Figure {
	return &Figure{Finding: rules.Reason{Key: "figures1.too_many"}, Empty: &Empty{Do: "figures1.choose", Where: Behind{Unit: q.Unit.Code, Page: "board"},
		Reason: rules.Reason{Key: "figures1.too_many_reason", Args: models.Args("Count", count, "Max", compliance.MaxListed)}}}
}

// publicationFinding says how many were in time, late, and are not done.
func publicationFinding(terms *compliance.Terms) rules.Reason {
	inTime, late, open := 0, 0, 0
	for _, row := range terms.Rows {
		switch row.State {
		case rules.Met:
			inTime++
		case rules.Late:
			late++
		case rules.Exempt:
		default:
			open++
		}
	}
	return rules.Reason{Key: "figures1.publication.finding", Args: models.Args("N", terms.N, "Met", inTime, "Late", late, "Open", open)}
}

func publicationChart(l *frontend.Locale, description string, terms *compliance.Terms) charts.StepChart {
	within, beyond := map[int]int{}, map[int]int{}
	for _, row := range terms.Rows {
		// A bar holds the days 1 to 5, 6 to 10 and so on, so that none spans the limit.
		step := max(0, row.Used-1) / termStep
		switch row.State {
		case rules.Met:
			within[step]++
		case rules.Late:
			beyond[step]++
		}
	}
	chart := charts.StepChart{Description: description, Scale: l.Text("figures1.publication.scale", nil), Counted: l.Text("figures1.units", nil),
		Mark: &charts.Mark{At: terms.N, Name: l.Text("figures1.publication.mark", models.Args("N", terms.N))}}
	bars := func(key, color string, counts map[int]int) {
		group := charts.StepGroup{Name: l.Text(key, nil), Stack: "units", Color: color}
		for _, step := range sortedKeys(within, beyond) {
			from := step * termStep
			group.Bars = append(group.Bars, charts.StepBar{From: float64(from), To: float64(from + termStep), Count: counts[step],
				Words: l.Text("figures1.publication.bar", models.Args("From", strconv.Itoa(from+1), "To", strconv.Itoa(from+termStep), "Count", counts[step]))})
		}
		chart.Groups = append(chart.Groups, group)
	}
	bars("figures1.publication.within", charts.WithinColor, within)
	bars("figures1.publication.beyond", charts.LateColor, beyond)
	return chart
}
