package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/supervision"
)

// InspectionsPage lists the inspections that a unit holds or that look at it.
type InspectionsPage struct {
	Page
	Tabs   UnitTabs
	List   *supervision.InspectionList
	Filter InspectionFilter
	Chips  []FilterOption
	Rows   []InspectionRow
	Pager  Pager
	// OpenURL leads to the form, empty for who may not; FindingsURL to all findings.
	OpenURL     string
	FindingsURL string
}

// InspectionFilter is what the list is narrowed to.
type InspectionFilter struct {
	Status string
	Year   int
	Text   string
}

// Narrowed tells that the form of the filter narrows the list.
func (f InspectionFilter) Narrowed() bool { return f.Year != 0 || f.Text != "" }

func (f InspectionFilter) url(unit models.Unit, status, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"status": status, "q": f.Text, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Year != 0 {
		query.Set("year", strconv.Itoa(f.Year))
	}
	return withQuery(unitURL(unit, "inspections"), query)
}

// withQuery adds a query to an address when there is any.
func withQuery(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// InspectionRow is an inspection in the list.
type InspectionRow struct {
	supervision.InspectionLine
	URL string
	// Progress is of the units, Settled of what is to be put right.
	Progress InspectionBar
	Share    string
}

// InspectionBar is a part of a whole as a picture: Done of All.
type InspectionBar struct{ Done, All int }

// Percent is the part in percent, rounded down.
func (b InspectionBar) Percent() int {
	if b.All == 0 {
		return 0
	}
	return b.Done * 100 / b.All
}

// inspectionsAtMost is how many inspections or findings a page lists.
const inspectionsAtMost = 50

func inspectionURL(id uint64, steps ...string) string { return stepsOf("/inspections/", id, steps) }

func findingURL(id uint64, steps ...string) string { return stepsOf("/findings/", id, steps) }

// shareText is the share put right in time; empty where nothing is demanded.
func shareText(c supervision.FindingCount) string {
	if c.Demanded() == 0 {
		return ""
	}
	return rate(c.InTime, c.Demanded())
}

func newInspectionsPage(base Page, list *supervision.InspectionList, filter InspectionFilter) *InspectionsPage {
	p := &InspectionsPage{Page: base, List: list, Filter: filter, FindingsURL: unitURL(list.Unit, "findings")}
	for _, status := range []string{"", string(models.InspectionOpen), string(models.InspectionClosed)} {
		key := "inspections.status." + status
		if status == "" {
			key = "inspections.all"
		}
		p.Chips = append(p.Chips, FilterOption{Key: key, State: status, URL: filter.url(list.Unit, status, ""), Current: filter.Status == status})
	}
	for _, line := range list.Items {
		p.Rows = append(p.Rows, InspectionRow{InspectionLine: line, URL: inspectionURL(line.ID), Progress: InspectionBar{line.Checked, line.Looked}, Share: shareText(line.Findings)})
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, filter.Status, list.Next)
	}
	return p
}
