package web

import (
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
	"sundial/server/supervision"
)

// InspectionPage is an inspection: how far it is, its units and what was found.
type InspectionPage struct {
	Page
	Tabs     UnitTabs
	View     *supervision.InspectionView
	Units    []InspectedUnit
	Findings *FindingTable
	Table    []SeverityRow
	// EnterURL leads to the form of a finding, DrawURL to the proof of the draw and
	// FindingsURL to all of its findings; empty where there is none.
	EnterURL, DrawURL, FindingsURL string
	// Check records that a unit was looked at; the others change the inspection.
	Check *OfficeForm
	Forms []*OfficeForm
	Error *models.Error
}

// InspectedUnit is a unit of the inspection.
type InspectedUnit struct {
	supervision.Member
	// EnterURL leads to the form of a finding about it, URL to its findings.
	EnterURL, URL string
}

// SeverityRow is how many findings of a severity there are in each state.
type SeverityRow struct {
	Key   string
	Total bool
	supervision.FindingCount
	Share string
}

// Progress is how many of the units were looked at.
func (p InspectionPage) Progress() InspectionBar {
	return InspectionBar{p.View.Checked, p.View.Looked}
}

// Settled is how many of the findings that demand it are put right.
func (p InspectionPage) Settled() InspectionBar {
	return InspectionBar{p.View.Total.Closed, p.View.Total.Demanded()}
}

// InTime is how many of them were put right in time.
func (p InspectionPage) InTime() InspectionBar {
	return InspectionBar{p.View.Total.InTime, p.View.Total.Demanded()}
}

// Share is the share put right in time, empty where nothing is demanded.
func (p InspectionPage) Share() string { return shareText(p.View.Total) }

func newInspectionPage(base Page, v *supervision.InspectionView, list *supervision.FindingList) *InspectionPage {
	p := &InspectionPage{Page: base, View: v}
	for _, severity := range models.Severities {
		if count, any := v.Findings[severity]; any {
			p.Table = append(p.Table, SeverityRow{"severity." + string(severity), false, count, shareText(count)})
		}
	}
	p.Table = append(p.Table, SeverityRow{"findings.total", true, v.Total, shareText(v.Total)})
	for _, m := range v.Units {
		unit := InspectedUnit{Member: m, URL: FindingFilter{Inspection: v.ID}.url(m.Unit, "findings", "", "")}
		if v.CanManage && m.RemovedOn.IsZero() {
			unit.EnterURL = inspectionURL(v.ID, "findings", "new") + "?unit=" + m.Unit.Code
		}
		p.Units = append(p.Units, unit)
	}
	if list != nil {
		p.Findings = newFindingTable(list.Items, true)
		p.FindingsURL = FindingFilter{Inspection: v.ID}.url(list.Unit, "findings", "", "")
	}
	if v.Whole && v.Seed != "" {
		p.DrawURL = inspectionURL(v.ID, "draw")
	}
	if v.CanManage {
		p.EnterURL = inspectionURL(v.ID, "findings", "new")
		p.forms()
	}
	return p
}

// forms adds those of who manages the inspection.
func (p *InspectionPage) forms() {
	v := p.View
	var here []FieldOption
	var versions []FormField
	for _, m := range p.Units {
		if m.RemovedOn.IsZero() {
			here = append(here, FieldOption{m.Unit.Code, unitName(p.Locale, m.Unit)})
			versions = append(versions, FormField{Name: memberVersion(m.Unit.Code), Type: "hidden", Value: strconv.Itoa(m.Version)})
		}
	}
	if len(here) > 0 && v.StartOn <= p.Today {
		p.Check = newOfficeForm("inspection_check", "", inspectionURL(v.ID, "checks"), FormField{Name: "units", Label: "inspections.field.unit", Type: "select", Options: here, Required: true},
			FormField{Name: "checked_on", Label: "inspections.field.checked_on", Type: "date", Value: p.Today.String(), Min: v.StartOn.String(), Max: p.Today.String(), Required: true},
			FormField{Name: "note", Label: "inspections.field.note", Hint: "inspections.field.note_hint", Type: "textarea"})
		p.Check.Fields = append(p.Check.Fields, identified(p.Check.Name, versions)...)
	}
	versioned := func(name string, step []string, fields ...FormField) {
		form := newOfficeForm("inspection_"+name, "", inspectionURL(v.ID, step...), fields...)
		form.Version = v.Version
		p.Forms = append(p.Forms, form)
	}
	versioned("change", []string{"change"},
		FormField{Name: "title", Label: "inspections.field.title", Type: "text", Value: v.Title, Required: true},
		FormField{Name: "basis", Label: "inspections.field.basis", Type: "textarea", Value: v.Basis, Required: true},
		FormField{Name: "start_on", Label: "inspections.field.start_on", Type: "date", Value: v.StartOn.String(), Required: true},
		FormField{Name: "end_on", Label: "inspections.field.end_on", Type: "date", Value: v.EndOn.String(), Required: true},
		FormField{Name: "rectify_term", Label: "inspections.field.rectify_term", Hint: "inspections.field.rectify_term_hint", Type: "number", Value: strconv.Itoa(v.RectifyTerm), Required: true})
	versioned("add", []string{"units"}, FormField{Name: "units", Label: "inspections.field.code", Hint: "inspections.field.code_hint", Type: "text", Required: true}, reasonField)
	if len(here) > 0 {
		versioned("remove", []string{"units", "remove"}, FormField{Name: "units", Label: "inspections.field.unit", Type: "select", Options: here, Required: true}, reasonField)
	}
	versioned("close", []string{"close"})
}

// memberVersion is the field with the version that was seen of a unit of the inspection.
func memberVersion(code string) string { return "version-" + code }

// StateChart is the findings by severity and state.
func (p InspectionPage) StateChart() charts.StateChart {
	locale := p.Locale
	chart := charts.StateChart{Description: locale.Text("findings.chart_description", models.Args("Title", p.View.Title, "Count", p.View.Total.Found,
		"Closed", p.View.Total.Closed, "Overdue", p.View.Total.Overdue))}
	rows := slices.DeleteFunc(slices.Clone(p.Table), func(row SeverityRow) bool { return row.Total })
	for _, row := range rows {
		chart.Obligations = append(chart.Obligations, locale.Text(row.Key, nil))
	}
	for _, state := range chartedStates {
		series := charts.Series{State: stateColors[state], Name: locale.Text("findings.state."+string(state), nil)}
		for _, row := range rows {
			series.Counts = append(series.Counts, row.Of(state))
		}
		chart.Series = append(chart.Series, series)
	}
	return chart
}

// chartedStates are the states of findings in the order in which bars show them, and
// stateColors the states of duties whose colours they have.
var (
	chartedStates = []supervision.FindingState{supervision.FindingClosed, supervision.FindingAnswered, supervision.FindingOpen, supervision.FindingOverdue, supervision.FindingNoted}
	stateColors   = map[supervision.FindingState]string{supervision.FindingClosed: "met", supervision.FindingAnswered: "reported", supervision.FindingOpen: "pending",
		supervision.FindingOverdue: "overdue", supervision.FindingNoted: "exempt"}
)

// ShareChart is the share put right in time, of all and by severity.
func (p InspectionPage) ShareChart() charts.CountChart {
	locale := p.Locale
	chart := charts.CountChart{Unit: "%", Lying: true, Max: 100, Description: locale.Text("findings.share_description", models.Args("Title", p.View.Title, "Share", p.Share()))}
	bars := charts.Bars{Kind: charts.CoverageBar, Name: locale.Text("findings.share", nil)}
	for _, row := range p.Table {
		if row.FindingCount.Demanded() > 0 {
			chart.Labels = append(chart.Labels, locale.Text(row.Key, nil))
			bars.Values = append(bars.Values, barOf(row.FindingCount.InTime, row.FindingCount.Demanded()))
		}
	}
	chart.Bars = []charts.Bars{bars}
	return chart
}

// StateOption and ShareOption are the charts as JSON.
func (p InspectionPage) StateOption() (string, error) { return option(p.StateChart()) }

// ShareOption is ShareChart as JSON.
func (p InspectionPage) ShareOption() (string, error) { return option(p.ShareChart()) }

// ShareRows is how many bars ShareChart has.
func (p InspectionPage) ShareRows() int { return len(p.ShareChart().Labels) }

// obligationNames names what an inspection looks at.
func obligationNames(locale *frontend.Locale, list []supervision.InspectableObligation) string {
	names := make([]string, len(list))
	for i, o := range list {
		if names[i] = locale.In(o.Title); names[i] == "" {
			names[i] = o.Code
		}
	}
	return locale.Value(names)
}

// Obligations names what the inspection looks at, empty for everything.
func (p InspectionPage) Obligations() string {
	return strings.TrimSpace(obligationNames(p.Locale, p.View.Obligations))
}

// InspectionDrawPage is the proof of a draw, to be printed.
type InspectionDrawPage struct {
	Page
	Tabs  UnitTabs
	Proof *supervision.DrawProof
	// BackURL leads to the inspection, Command is what works out one hash.
	BackURL string
	Command string
}

// Population is how many could be drawn.
func (p InspectionDrawPage) Population() int { return len(p.Proof.Lots) }

func newInspectionDrawPage(base Page, proof *supervision.DrawProof) *InspectionDrawPage {
	p := &InspectionDrawPage{Page: base, Proof: proof, BackURL: inspectionURL(proof.ID)}
	quoted := "'" + strings.ReplaceAll(proof.Seed, "'", `'\''`) + "'"
	p.Command = "printf '%s|%s' " + quoted + " " + proof.Lots[0].Code + " | sha256sum"
	return p
}
