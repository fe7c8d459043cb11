package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/figure"
	"sundial/server/rules"
)

// WeightPage is the weight of openness in the performance schemes of a unit, year
// by year, and of the units below it in one.
type WeightPage struct {
	Page
	View   View
	Unit   models.Unit
	Tabs   UnitTabs
	Filter WeightFilter
	// AsOfFilter chooses the day, and the year where there are units below.
	AsOfFilter AsOfFilter
	// History has the unit's own years; Policies tells that several ask for them.
	History []WeightItem
	// All are the units below, and Items those of them that the filter lets through,
	// in its order.
	All   []WeightItem
	Items []WeightItem
	Chips []WeightChip
	// Figure shows their shares.
	Figure   FigureView
	Download string
}

// WeightItem is a row of either table.
type WeightItem struct {
	compliance.WeightRow
	URL     string
	DutyURL string
}

// WeightChip narrows the list to a standing; Count is how many units have it.
type WeightChip struct {
	Key     string
	URL     string
	Count   int
	Current bool
}

// WeightFilter narrows and sorts the list of units.
type WeightFilter struct {
	Text     string
	Standing compliance.WeightStanding
	Sort     string
}

// weightSorts are the orders of the list; the first is that of the units.
var weightSorts = []string{"unit", "lowest", "highest", "fallen", "risen"}

// Sorts are the orders to choose from.
func (WeightPage) Sorts() []string { return weightSorts }

// newWeightFilter takes what is not known for not given.
func newWeightFilter(text, standing, sort string) WeightFilter {
	f := WeightFilter{Text: strings.TrimSpace(text), Standing: compliance.WeightStanding(standing), Sort: sort}
	if !slices.Contains(compliance.WeightStandings, f.Standing) {
		f.Standing = ""
	}
	if !slices.Contains(weightSorts, f.Sort) {
		f.Sort = weightSorts[0]
	}
	return f
}

func (f WeightFilter) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "standing": string(f.Standing), "sort": f.Sort} {
		if value != "" && value != weightSorts[0] {
			values.Set(name, value)
		}
	}
	return values
}

// WeightURL is the page of the weights of a unit.
func (v View) WeightURL(unit string, more url.Values) string {
	return v.weightURL(unit, "weight", more)
}

func (v View) weightURL(unit, page string, more url.Values) string {
	query := v.query()
	for name, values := range more {
		query[name] = values
	}
	return address("/units/"+url.PathEscape(unit)+"/"+page, query)
}

// newWeightPage lays out the table of a unit.
func newWeightPage(page Page, view View, table *compliance.WeightTable, filter WeightFilter) WeightPage {
	p := WeightPage{Page: page, View: view, Unit: table.Unit, Filter: filter, Download: view.weightURL(table.Unit.Code, "weight.csv", filter.values())}
	for _, row := range table.History {
		p.History = append(p.History, WeightItem{WeightRow: row, DutyURL: view.DutyURL(row.Duty.ID)})
	}
	counts := map[compliance.WeightStanding]int{}
	for _, row := range table.Rows {
		item := WeightItem{WeightRow: row, URL: view.WeightURL(row.Unit.Code, nil)}
		if row.Duty.ID != 0 {
			item.DutyURL = view.DutyURL(row.Duty.ID)
		}
		counts[row.Standing]++
		p.All = append(p.All, item)
	}
	p.Items = filter.apply(p.All)
	p.addChips(counts)
	p.Figure = newFigureView(page.Locale, view, figure.OfWeights(table))
	return p
}

func (p *WeightPage) addChips(counts map[compliance.WeightStanding]int) {
	add := func(key string, standing compliance.WeightStanding, count int) {
		to := p.Filter
		to.Standing = standing
		p.Chips = append(p.Chips, WeightChip{key, p.View.WeightURL(p.Unit.Code, to.values()), count, p.Filter.Standing == standing})
	}
	all := p.Filter
	all.Text, all.Standing = "", ""
	add("weight.all", "", len(all.apply(p.All)))
	for _, standing := range compliance.WeightStandings {
		if counts[standing] > 0 || p.Filter.Standing == standing {
			add("weight.standing."+string(standing), standing, counts[standing])
		}
	}
}

// hides tells whether the filter passes over the row without being asked to: of a
// unit that owes nothing and has nobody below there is nothing to see.
func (f WeightFilter) hides(item WeightItem) bool {
	return f.Text == "" && f.Standing == "" && item.Standing == compliance.WeightNotOwed && !item.HasChildren
}

// apply returns the rows that the filter lets through, in its order; those
// without a share stand last in any but the units' own.
func (f WeightFilter) apply(all []WeightItem) []WeightItem {
	var items []WeightItem
	text := strings.ToLower(f.Text)
	for _, item := range all {
		named := strings.Contains(strings.ToLower(item.Unit.Name+"\n"+item.Unit.NameEN+"\n"+item.Unit.Code), text)
		if named && !f.hides(item) && (f.Standing == "" || f.Standing == item.Standing) {
			items = append(items, item)
		}
	}
	switch f.Sort {
	case "lowest", "highest":
		slices.SortStableFunc(items, func(a, b WeightItem) int { return byShare(a, b, f.Sort == "highest") })
	case "fallen", "risen":
		slices.SortStableFunc(items, func(a, b WeightItem) int { return byChange(a, b, f.Sort == "risen") })
	}
	return items
}

// byShare compares the strict shares, exactly.
func byShare(a, b WeightItem, down bool) int {
	if a.Weight == nil || b.Weight == nil {
		return cmp.Compare(missing(a.Weight == nil), missing(b.Weight == nil))
	}
	_, sign := a.Weight.Share.Change(b.Weight.Share, false)
	if down {
		return -sign
	}
	return sign
}

// byChange compares the changes against the year before.
func byChange(a, b WeightItem, down bool) int {
	none := func(i WeightItem) bool { return i.Weight == nil || i.Last == nil }
	if none(a) || none(b) {
		return cmp.Compare(missing(none(a)), missing(none(b)))
	}
	change := func(i WeightItem) float64 {
		text, sign := i.Change()
		points, _ := strconv.ParseFloat(text, 64) // showPercentage wrote it
		return points * float64(sign)
	}
	if down {
		return cmp.Compare(change(b), change(a))
	}
	return cmp.Compare(change(a), change(b))
}

func missing(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Narrowed tells whether the list is narrowed.
func (p WeightPage) Narrowed() bool { return p.Filter.Text != "" || p.Filter.Standing != "" }

// AllURL is the page without a filter.
func (p WeightPage) AllURL() string { return p.View.WeightURL(p.Unit.Code, nil) }

// AtToday is the same page as of today.
func (p WeightPage) AtToday() string {
	return p.View.AtToday().WeightURL(p.Unit.Code, p.Filter.values())
}

// Strict and Inclusive are the shares in percent.
func (i WeightItem) Strict() string { return i.Weight.Share.Percentage(false) }

// Inclusive counts related items too.
func (i WeightItem) Inclusive() string { return i.Weight.Share.Percentage(true) }

// Differs tells whether counting related items makes a difference.
func (i WeightItem) Differs() bool { return !i.Weight.Share.Related.IsZero() }

// StrictPoints are the points of openness itself, InclusivePoints those with
// related items.
func (i WeightItem) StrictPoints() string { return i.Weight.Share.Points(false).String() }

// InclusivePoints are the points with related items.
func (i WeightItem) InclusivePoints() string { return i.Weight.Share.Points(true).String() }

// Demand is what the policy asks for, in words.
func (i WeightItem) Demand() rules.Reason {
	if i.Rule.NotBelowLastYear && i.Required != "> 0" {
		return rules.Reason{Key: "weight.demand_last", Args: models.Args("Percent", twoDecimals(i.Required))}
	}
	if i.Required == "> 0" {
		return rules.Reason{Key: "weight.demand_included"}
	}
	return rules.Reason{Key: "weight.demand", Args: models.Args("Percent", twoDecimals(i.Required))}
}

// twoDecimals writes a percentage as shares are written: 4 as 4.00.
func twoDecimals(percent string) string {
	_, decimals, _ := strings.Cut(percent, ".")
	if len(decimals) >= 2 {
		return percent
	}
	return number(percent).StringFixed(2)
}

// Changed is the change against the year before, in words; empty without one.
func (i WeightItem) Changed() rules.Reason {
	points, sign := i.Change()
	if points == "" {
		return rules.Reason{}
	}
	key := map[int]string{-1: "weight.fell", 0: "weight.same", 1: "weight.rose"}[sign]
	return rules.Reason{Key: key, Args: models.Args("Points", points, "Last", i.Last.Share.Percentage(i.Weight.Related), "Waits", !i.Last.Verified)}
}
