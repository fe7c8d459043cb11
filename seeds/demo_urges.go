package seeds

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// urgeWords are the texts of urges and replies, as in demo/urges.yaml.
type urgeWords struct {
	Letter  string   `yaml:"letter"`
	Line    string   `yaml:"line"`
	Day     string   `yaml:"day"`
	Replies []string `yaml:"replies"`
	// Withdrawn is why an urge is taken back for which the unit has done nothing.
	Withdrawn string `yaml:"withdrawn"`
}

// urgeWave is a day on which an office urges for what is overdue, or soon due.
type urgeWave struct {
	office string
	on     calendar.Date
	soon   bool
}

// urgeWaves are those of the demo: each office in the years of its policy, and Jiangsu up
// to the last days as well.
func urgeWaves(last calendar.Date) []urgeWave {
	waves := []urgeWave{
		{"210000", calendar.NewDate(2016, time.December, 5), true}, {"210000", calendar.NewDate(2018, time.January, 8), false},
		{"370000", calendar.NewDate(2017, time.June, 5), true}, {"370000", calendar.NewDate(2017, time.June, 22), false}, {"370000", calendar.NewDate(2018, time.January, 8), false},
		{"620100", calendar.NewDate(2017, time.April, 10), false},
		{"320000", calendar.NewDate(2018, time.June, 11), true}, {"320000", calendar.NewDate(2019, time.January, 7), false},
		{"421303", calendar.NewDate(2020, time.December, 7), true}, {"421303", calendar.NewDate(2021, time.January, 11), false},
		{"320000", last - 24, false}, {"320000", last - 9, true}, {"320000", last - 2, true},
	}
	return slices.DeleteFunc(waves, func(wave urgeWave) bool { return wave.on > last })
}

// urgeMost is how many units a wave urges, urgeItems for how many things each.
const (
	urgeMost  = 8
	urgeItems = 4
	// urgeSoon is how many days ahead what is soon due may be.
	urgeSoon = 40
	// urgePatience is after how many days an office takes back what nobody has done.
	urgePatience = 75
)

// urgeDeed is something that is done about urges at a past moment.
type urgeDeed struct {
	at time.Time
	do func(desk *supervision.Desk) error
}

// urger plays the urges in the order of time: what is done brings about what is done
// later.
type urger struct {
	*office
	words urgeWords
	deeds []urgeDeed
}

// makeUrges makes up what the offices urge for, and how units answer.
func makeUrges(o *office) error {
	u := &urger{office: o}
	if err := readDemo("demo/urges.yaml", &u.words); err != nil {
		return err
	}
	for _, wave := range urgeWaves(o.last) {
		at := morning(o.workday(wave.on))
		if calendar.DateOf(at) > o.last {
			continue
		}
		u.plan(at, func(desk *supervision.Desk) error { return u.send(desk, wave, at) })
		u.plan(at.AddDate(0, 0, urgePatience-1), escalated(u))
	}
	for day := o.last - 30; day <= o.last; day++ {
		u.plan(midnight(day).Add(time.Minute), escalated(u))
	}
	return u.play()
}

// escalated turns the day.
func escalated(u *urger) func(desk *supervision.Desk) error {
	return func(desk *supervision.Desk) error {
		_, err := desk.Escalate(u.ctx)
		return err
	}
}

// plan adds a deed, unless it would be after the last day.
func (u *urger) plan(at time.Time, do func(desk *supervision.Desk) error) {
	if calendar.DateOf(at) <= u.last {
		u.deeds = append(u.deeds, urgeDeed{at, do})
	}
}

func (u *urger) play() error {
	for len(u.deeds) > 0 {
		slices.SortStableFunc(u.deeds, func(a, b urgeDeed) int { return a.at.Compare(b.at) })
		next := u.deeds[0]
		u.deeds = u.deeds[1:]
		if err := next.do(u.supervisionAt(next.at)); err != nil {
			return fmt.Errorf("urge at %s: %w", next.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// send has the office urge units for what was overdue or due soon then.
func (u *urger) send(desk *supervision.Desk, wave urgeWave, at time.Time) error {
	office, code := u.unitOf(wave.office), wave.office
	owed, err := u.owed(office, calendar.DateOf(at), wave.soon)
	if err != nil || len(owed) == 0 {
		return err
	}
	by := u.cast.supervisor(office)
	composed, err := desk.ComposeUrges(u.ctx, by, code, supervision.UrgeAsk{Items: owed})
	if err != nil {
		return err
	}
	var batch supervision.UrgeBatch
	for _, draft := range composed.Drafts {
		if !draft.Sendable() || draft.Recent != nil || len(batch.Letters) == urgeMost {
			continue
		}
		letter := supervision.UrgeLetter{Unit: draft.Unit.Code, Text: u.letter(composed, draft)}
		for _, item := range draft.Items {
			letter.Items = append(letter.Items, item.UrgeRef)
		}
		batch.Letters = append(batch.Letters, letter)
	}
	if len(batch.Letters) == 0 {
		return nil
	}
	sent, err := desk.SendUrges(u.ctx, by, code, batch)
	if err != nil {
		return err
	}
	for _, urge := range sent {
		u.answer(urge, at)
		u.plan(at.AddDate(0, 0, urgePatience), func(desk *supervision.Desk) error { return u.withdraw(desk, by, urge.ID) })
	}
	return nil
}

// withdraw takes back an urge that is still open.
func (u *urger) withdraw(desk *supervision.Desk, by compliance.Actor, id uint64) error {
	view, err := desk.Urge(u.ctx, by, id)
	if err != nil {
		return err
	}
	return ended(desk.WithdrawUrge(u.ctx, by, id, view.Version, u.words.Withdrawn))
}

func (u *urger) unitOf(code string) models.Unit {
	for _, unit := range u.units {
		if unit.Code == code {
			return unit
		}
	}
	return models.Unit{}
}

// owed returns what units below the office owed on the day for its year or the one before,
// and could have reported: at most some things of each.
func (u *urger) owed(office models.Unit, day calendar.Date, soon bool) ([]supervision.UrgeRef, error) {
	query := compliance.DutyQuery{Unit: office, AsOf: day, State: rules.Overdue, Limit: compliance.MaxLimit}
	if soon {
		query.State = rules.Pending
	}
	var refs []supervision.UrgeRef
	count := map[uint64]int{}
	for _, query.Year = range []int{day.Year(), day.Year() - 1} {
		page, err := u.Ledger.Duties(u.ctx, query)
		if err != nil {
			return nil, fmt.Errorf("what %s owed: %w", office.Code, err)
		}
		for _, duty := range page.Items {
			due := duty.Duty.DueOn
			if duty.Unit.ID != office.ID && count[duty.Unit.ID] < urgeItems && due <= day+urgeSoon && due.Year() >= day.Year()-1 {
				count[duty.Unit.ID]++
				refs = append(refs, supervision.UrgeRef{Object: models.UrgeDuty, ID: duty.Duty.ID})
			}
		}
	}
	return refs, nil
}

func (u *urger) letter(c *supervision.UrgeComposition, draft supervision.UrgeDraft) string {
	day := func(on calendar.Date) string { return on.Time().Format(u.words.Day) }
	var lines []string
	for i, item := range draft.Items {
		lines = append(lines, fmt.Sprintf(u.words.Line, i+1, item.Title.ZH, rules.CitedClause(item.Clause), day(item.DueOn)))
	}
	return fmt.Sprintf(u.words.Letter, draft.Unit.Name, len(draft.Items), strings.Join(lines, "\n"), day(c.ReplyBy), c.Office.Name)
}

// answer plans how the unit answers: most in time, some late, some sign for it and say
// nothing, and few do not even do that.
func (u *urger) answer(urge models.Urge, at time.Time) {
	unit := u.units[urge.UnitID]
	by, dice := u.cast.reporter(unit), throw("urge", unit.Code, urge.SentOn.String())
	fate := dice.below(100)
	if fate >= 85 {
		return
	}
	received := at.Add(time.Duration(1+dice.below(20)) * time.Hour)
	u.plan(received, func(desk *supervision.Desk) error { return u.acknowledge(desk, by, urge.ID) })
	if fate >= 70 {
		return
	}
	day := urge.ReplyBy
	if fate >= 50 {
		day = u.workday(urge.ReplyBy + 3)
	}
	replied := midnight(day).Add(time.Duration(9+dice.below(8))*time.Hour + time.Duration(dice.below(60))*time.Minute)
	reply := supervision.UrgeReply{Text: pick(dice, u.words.Replies), URL: "https://" + u.host(unit) + "/zwgk/"}
	u.plan(later(replied, received), func(desk *supervision.Desk) error { return u.reply(desk, by, urge.ID, reply) })
}

func later(a, b time.Time) time.Time {
	if cmp.Compare(a.Unix(), b.Unix()) <= 0 {
		return b.Add(time.Hour)
	}
	return a
}

func (u *urger) acknowledge(desk *supervision.Desk, by compliance.Actor, id uint64) error {
	return ended(desk.AcknowledgeUrge(u.ctx, by, id, 1))
}

func (u *urger) reply(desk *supervision.Desk, by compliance.Actor, id uint64, reply supervision.UrgeReply) error {
	return ended(desk.ReplyToUrge(u.ctx, by, id, 2, reply))
}

// ended lets pass that an urge has ended before it was answered: all of it was done.
func ended(err error) error {
	if models.IsCode(err, models.Conflict) {
		return nil
	}
	return err
}
