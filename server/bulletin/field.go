package bulletin

import (
	_ "embed" // the words
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/server/calendar"
)

//go:embed words.yaml
var wordsSource []byte

// language is what words.yaml has.
type language struct {
	Fields     map[string]string          `yaml:"fields"`
	Rules      map[Rule]string            `yaml:"rules"`
	Severities map[models.Severity]string `yaml:"severities"`
	Class      string                     `yaml:"class"`
	Unclassed  string                     `yaml:"unclassed"`
	Own        string                     `yaml:"own"`
	Nothing    string                     `yaml:"nothing"`
	Title      string                     `yaml:"title"`
	Paragraphs []outline                  `yaml:"paragraphs"`
}

// outline is a paragraph that a new bulletin begins with.
type outline struct {
	Heading string `yaml:"heading"`
	When    string `yaml:"when"`
	Parts   []struct {
		When string `yaml:"when"`
		Each string `yaml:"each"`
		Text string `yaml:"text"`
	} `yaml:"parts"`
}

// speech is words.yaml; a mistake in it is one of the program.
var speech = func() language {
	var l language
	if err := yaml.Unmarshal(wordsSource, &l); err != nil {
		panic(fmt.Errorf("words of bulletins: %w", err))
	}
	return l
}()

// FieldKind tells what a field puts into the words.
type FieldKind string

// The kinds of fields.
const (
	FieldCount FieldKind = "count"
	FieldRate  FieldKind = "rate"
	FieldScore FieldKind = "score"
	FieldText  FieldKind = "text"
)

// Field is a number, or a name, that the words may have.
type Field struct {
	// Group is where it is listed: "all", "class", "unit", "obligation" or a part of the
	// data.
	Group string
	// Code names the measure; of what it is narrowed to, Of, empty for the whole.
	Code, Of string
	// Token is what stands in the words, with its braces.
	Token string
	Kind  FieldKind
	// Value is what is put in.
	Value string
}

// fieldList collects the fields of data.
type fieldList struct {
	group, of string
	list      []Field
}

func (l *fieldList) add(code string, kind FieldKind, value string) {
	token := "{" + speech.Fields[code]
	if l.of != "" {
		token += "：" + l.of
	}
	l.list = append(l.list, Field{l.group, code, l.of, token + "}", kind, value})
}

func (l *fieldList) count(code string, n int) { l.add(code, FieldCount, strconv.Itoa(n)) }

func (l *fieldList) rate(code string, rate *Rate) {
	value := speech.Nothing
	if rate != nil {
		value = rate.String() + "%"
	}
	l.add(code, FieldRate, value)
}

func (l *fieldList) names(code string, names []string) {
	value := speech.Nothing
	if len(names) > 0 {
		value = strings.Join(names, "、")
	}
	l.add(code, FieldText, value)
}

// in narrows what is added to something of a group.
func (l *fieldList) in(group, of string) *fieldList {
	l.group, l.of = group, of
	return l
}

// tally adds the counts and rates of a tally.
func (l *fieldList) tally(t Tally) {
	l.count("owed", t.Owed)
	l.count("done", t.Done)
	l.count("met", t.Met)
	l.count("late", t.Cell.Late)
	l.count("overdue", t.Overdue)
	l.count("pending", t.Pending)
	l.count("reported", t.Reported)
	l.count("exempt", t.Exempt)
	l.count("unscheduled", t.Unscheduled)
	l.rate("completion", t.Completion)
	l.rate("in_time", t.InTime)
}

// Fields lists all that the words may have of the data.
func (d *Data) Fields() []Field {
	l := &fieldList{}
	l.in("all", "").add("scope", FieldText, d.Scope.Name)
	l.count("year", d.Year)
	l.add("as_of", FieldText, dateText(d.AsOf))
	l.count("units", d.units())
	l.count("obligations", len(d.Obligations))
	l.tally(d.Total)
	best, worst := d.extremes()
	l.names("best", best)
	l.names("worst", worst)
	d.partFields(l)
	for _, class := range d.Classes {
		l.in("class", class.name()).count("units", class.Units)
		l.tally(class.Tally)
	}
	for _, row := range d.Rows {
		if !row.Own {
			l.in("unit", d.rowName(row)).tally(row.Tally)
		}
	}
	for _, o := range d.Obligations {
		l.in("obligation", o.Code).tally(o.Tally)
	}
	return l.list
}

// partFields adds those of the parts that the data has.
func (d *Data) partFields(l *fieldList) {
	if d.Late != nil {
		l.in("late", "").count("late_total", d.Late.Total())
	}
	d.rankingFields(l)
	if t := d.Tasks; t != nil {
		l.in("tasks", "").count("tasks", t.Total)
		l.count("tasks_not_started", t.NotStarted)
		l.count("tasks_under_way", t.UnderWay)
		l.count("tasks_done", t.Done)
		l.count("tasks_stalled", t.Stalled)
		l.count("tasks_overdue", t.Overdue)
	}
	if f := d.Findings; f != nil {
		l.in("findings", "").count("findings", f.Total)
		l.count("findings_closed", f.Closed)
		l.count("findings_noted", f.Noted)
		l.count("findings_open", len(f.Open))
		for _, level := range f.Levels {
			l.in("findings", speech.Severities[level.Severity]).count("findings_open", level.Open)
		}
	}
	if u := d.Urges; u != nil {
		l.in("urges", "").count("urges", u.Total)
		l.count("urges_red", u.Red)
		l.count("urges_silent", len(u.Silent))
	}
	namedFields(l, "praise", "praised", d.Praise)
	namedFields(l, "criticism", "criticised", d.Criticism)
}

func (d *Data) rankingFields(l *fieldList) {
	if d.Ranking == nil {
		return
	}
	l.in("ranking", "").add("round", FieldText, d.Ranking.Title)
	l.count("ranked", d.Ranking.scored())
	for _, grade := range d.Ranking.grades() {
		l.in("ranking", grade.Title.ZH).count("grade", grade.Units)
	}
	for _, class := range d.Ranking.Classes {
		name := className(class.Class)
		l.in("ranking", name).count("ranked", class.Scored)
		if class.Scored == 0 || class.Scored > len(class.Units) {
			continue
		}
		var top []string
		for _, unit := range class.Units {
			if unit.Rank == 1 {
				top = append(top, unit.Unit.Name)
			}
		}
		l.names("top", top)
		l.add("top_score", FieldScore, class.Units[0].Score)
		l.add("last_score", FieldScore, class.Units[class.Scored-1].Score)
		for _, grade := range class.Grades {
			l.in("ranking", name+grade.Title.ZH).count("grade", grade.Units)
		}
	}
}

// namedFields adds the units that are named, all of them and rule by rule; each unit once.
func namedFields(l *fieldList, group, code string, list []Named) {
	l.in(group, "").names(code, unitNames(list))
	l.count(code+"_count", len(unitNames(list)))
	for _, rule := range rulesOf(list) {
		named := slices.DeleteFunc(slices.Clone(list), func(n Named) bool { return n.Rule != rule })
		l.in(group, speech.Rules[rule]).names(code, unitNames(named))
		l.count(code+"_count", len(unitNames(named)))
	}
}

// unitNames are the names of the units named, each once.
func unitNames(list []Named) []string {
	var names, codes []string
	for _, n := range list {
		if !slices.Contains(codes, n.Unit.Code) {
			codes, names = append(codes, n.Unit.Code), append(names, n.Unit.Name)
		}
	}
	return names
}

// rulesOf are the rules of the list, in its order.
func rulesOf(list []Named) []Rule {
	var rules []Rule
	for _, n := range list {
		if !slices.Contains(rules, n.Rule) {
			rules = append(rules, n.Rule)
		}
	}
	return rules
}

// units counts the rows but the scope's own.
func (d *Data) units() int {
	count := 0
	for _, row := range d.Rows {
		if !row.Own {
			count++
		}
	}
	return count
}

// extremes are the names of the units whose completion is highest and lowest; none where
// all have the same.
func (d *Data) extremes() (best, worst []string) {
	var high, low Rate = -1, 100*100 + 1
	for _, row := range d.Rows {
		if row.Own || row.Completion == nil {
			continue
		}
		high, low = max(high, *row.Completion), min(low, *row.Completion)
	}
	if high <= low {
		return nil, nil
	}
	for _, row := range d.Rows {
		if row.Own || row.Completion == nil {
			continue
		}
		if *row.Completion == high {
			best = append(best, row.Unit.Name)
		}
		if *row.Completion == low {
			worst = append(worst, row.Unit.Name)
		}
	}
	return best, worst
}

// rowName is the name of the row's unit, with its code where others have the same.
func (d *Data) rowName(row Row) string {
	for _, other := range d.Rows {
		if other.Unit.Name == row.Unit.Name && other.Unit.Code != row.Unit.Code && !other.Own {
			return row.Unit.Name + row.Unit.Code
		}
	}
	return row.Unit.Name
}

// scored counts the units with a score.
func (r *Ranking) scored() int {
	count := 0
	for _, class := range r.Classes {
		count += class.Scored
	}
	return count
}

// grades adds up the grades of all classes.
func (r *Ranking) grades() []Grade {
	var sums []Grade
	for _, class := range r.Classes {
		for i, grade := range class.Grades {
			if i == len(sums) {
				sums = append(sums, Grade{ID: grade.ID, Title: grade.Title})
			}
			sums[i].Units += grade.Units
		}
	}
	return sums
}

func className(class string) string {
	if class == "" {
		return speech.Unclassed
	}
	return fmt.Sprintf(speech.Class, class)
}

func dateText(day calendar.Date) string {
	return time.Time.Format(day.Time(), "2006年1月2日")
}
