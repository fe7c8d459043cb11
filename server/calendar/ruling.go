package calendar

import (
	"fmt"
	"slices"
	"strings"
)

// ruling is a holiday in force with the number of the notice that set it. An
// extended holiday is two rulings, so that every day cites its own notice.
type ruling struct {
	Holiday
	notice string
}

// statutory holds the holidays that the first notice of a year must name, by
// the part of the name that notices never vary. It catches a pasted text whose
// end is missing, which would silently turn days off into working days.
var statutory = []string{"元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"}

// enact returns the rulings of a year after the notice n; before holds those of
// its earlier notices.
func enact(before []ruling, n Notice) ([]ruling, *NoticeError) {
	if len(before) == 0 {
		if missing := missingHoliday(n); missing != "" {
			return nil, fault("incomplete", fmt.Sprintf("the first notice for %d does not name %s", n.Year, missing),
				"Year", n.Year, "Name", missing)
		}
	}
	after := slices.Clone(before)
	for _, h := range n.Holidays {
		if h.Extends() {
			extended, err := extend(after, h, n)
			if err != nil {
				return nil, err
			}
			after = extended
			continue
		}
		// Only earlier notices are replaced: a name given twice in one notice
		// stays twice, and its days collide or not on their own merits.
		after = slices.DeleteFunc(after, func(r ruling) bool { return r.Name == h.Name && r.notice != n.Number })
		after = append(after, ruling{h, n.Number})
	}
	return after, nil
}

func missingHoliday(n Notice) string {
	for _, name := range statutory {
		if !slices.ContainsFunc(n.Holidays, func(h Holiday) bool { return strings.Contains(h.Name, name) }) {
			return name
		}
	}
	return ""
}

// extend adds the days from the end of the named holiday to its new end. The
// holiday's make-up days among them are off now.
func extend(before []ruling, h Holiday, n Notice) ([]ruling, *NoticeError) {
	last := -1
	for i, r := range before {
		if r.Name == h.Name && (last < 0 || r.To > before[last].To) {
			last = i
		}
	}
	if last < 0 {
		return nil, fault("extends_nothing", fmt.Sprintf("%s is extended to %s, but no earlier notice for %d sets its first day", h.Name, h.To, n.Year),
			"Name", h.Name, "To", h.To, "Year", n.Year)
	}
	old := before[last]
	if h.To <= old.To {
		return nil, fault("extends_back", fmt.Sprintf("%s is extended to %s, but lasts until %s already", h.Name, h.To, old.To),
			"Name", h.Name, "To", h.To, "Until", old.To)
	}
	for i, r := range before {
		if r.Name == h.Name {
			before[i].Makeup = slices.DeleteFunc(slices.Clone(r.Makeup), func(d Date) bool { return old.To < d && d <= h.To })
		}
	}
	h.From = old.To + 1
	return append(before, ruling{h, n.Number}), nil
}
