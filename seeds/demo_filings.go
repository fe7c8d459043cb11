package seeds

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// filing makes up what is filed for a fact of the day, and returns with it the
// day on which all of it has happened.
func (t *tale) filing(day calendar.Date) (filing rules.Filing, known calendar.Date) {
	f := rules.Filing{On: day, URL: t.page(t.dice, t.unit, day.Year())}
	switch t.duty.Rule.Form() {
	case rules.FormDeputy:
		f.On = 0
		t.appoint(&f, day)
	case rules.FormPerformance:
		f.Total, f.Items = t.scheme()
	case rules.FormIncident:
		f.On, f.At = 0, t.answered()
		f.Title = t.title()
		day = calendar.DateOf(f.At.In(rules.Shanghai))
	default:
		f.Title = t.title()
		if count := t.duty.Rule.Count; count != nil && count.PresidedBy != "" {
			f.PresidedBy = rules.PresidedByPrincipal
		}
	}
	return f, day
}

// appoint makes up the deputy in charge, announced on the day and in office for
// some days then, where the rule asks for an announcement.
func (t *tale) appoint(f *rules.Filing, day calendar.Date) {
	rule := t.duty.Rule.Appointment
	f.From = day
	person := throw(t.unit.Code, "deputy")
	f.Name = pick(person, t.words.Surnames) + strings.Repeat("某", person.between(1, 2))
	f.Post = t.words.PersonInCharge
	if rule.MustBePublic {
		f.Post = pick(person, t.words.Posts[string(t.unit.Kind)])
		f.AnnouncedOn, f.InDivisionOfWork = day, true
		f.From = t.dayIn(t.dice, max(day-20, calendar.NewDate(day.Year(), time.January, 1)), day)
	}
}

// answered makes up the instant of the first word or the press conference.
func (t *tale) answered() time.Time {
	term := time.Duration(t.duty.Rule.Hours.N) * time.Hour
	share := t.between(10, 95)
	if t.fate == tooLate {
		share = t.between(105, 180)
	}
	return t.duty.Term.Start.At.Add(term * time.Duration(share) / 100).Truncate(time.Minute)
}

func (t *tale) title() string {
	return t.fill(pick(t.dice, t.words.Titles[t.duty.Rule.What()]), t.unit, t.duty.Term, pick(t.dice, t.words.Matters))
}

// fill puts the duty's own words into a text; matter is what it is about, unless
// an event of the unit's own says that.
func (d *demo) fill(text string, unit models.Unit, duty rules.Duty, matter string) string {
	subject := duty.Start.Title
	if subject == "" {
		subject = matter
	}
	return strings.NewReplacer("{unit}", unit.Name, "{year}", strconv.Itoa(duty.Period.Year),
		"{month}", strconv.Itoa(int(duty.Period.From.Month())), "{subject}", subject).Replace(text)
}

// Shares of openness in a scheme, in hundredths of a percent.
var (
	goodShares  = []int{400, 400, 420, 450, 480, 500, 550, 600}
	shortShares = []int{320, 340, 350, 360, 380, 399}
)

// share makes up the share of openness in the unit's scheme. Where it must not
// fall below last year's, it starts from the unit's own and moves by year.
func (t *tale) share() int {
	if t.duty.Rule.Weight.NotBelowLastYear {
		first := throw(t.unit.Code, "weight").between(16, 25) * 20
		steps := t.duty.Year - t.duty.Term.Policy.Effective.From.Year()
		if t.fate == short {
			return first - 60*steps
		}
		return first + 40*steps
	}
	if t.fate == short {
		return pick(t.dice, shortShares)
	}
	return pick(t.dice, goodShares)
}

// scheme makes up a performance scheme that adds up.
func (t *tale) scheme() (total string, items []rules.Item) {
	points := pick(t.dice, []int{1000, 100, 120}) * 100
	left := points
	item := func(of markedItem, hundredths int, openness rules.Openness) {
		left -= hundredths
		items = append(items, rules.Item{Name: of.Name, Points: decimal.New(int64(hundredths), -2).String(), Openness: openness, Reason: of.Reason})
	}
	words := t.words.Items
	item(words.Core[0], points*t.share()/10000, rules.OpennessCore)
	item(pick(t.dice, words.Related), points*t.between(2, 3)/100, rules.OpennessRelated)
	for i, name := range words.Others {
		part := left / (len(words.Others) - i) / 100 * 100
		if i == len(words.Others)-1 {
			part = left
		}
		item(markedItem{Name: name}, part, rules.OpennessNone)
	}
	return fmt.Sprint(points / 100), items
}
