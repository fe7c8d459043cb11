package scoring

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/strictyaml"
)

// rawScheme, rawGrade, rawClass and rawLimit are the scheme as written.
type rawScheme struct {
	ID         string      `yaml:"id"`
	Title      rules.Text  `yaml:"title,flow"`
	Year       int         `yaml:"year"`
	Region     string      `yaml:"region"`
	Basis      rules.Text  `yaml:"basis,flow"`
	AppealDays int         `yaml:"appeal_days"`
	Grades     []yaml.Node `yaml:"grades,omitempty"`
	Classes    []yaml.Node `yaml:"classes"`
	Limits     []yaml.Node `yaml:"limits,omitempty"`
	Indicators []yaml.Node `yaml:"indicators"`
}

type rawGrade struct {
	ID    string     `yaml:"id"`
	Title rules.Text `yaml:"title,flow"`
	From  string     `yaml:"from"`
}

type rawClass struct {
	ID      string     `yaml:"id"`
	Title   rules.Text `yaml:"title,flow"`
	Maximum string     `yaml:"maximum,omitempty"`
}

type rawLimit struct {
	ID     string     `yaml:"id"`
	Title  rules.Text `yaml:"title,flow"`
	Most   string     `yaml:"most"`
	Within string     `yaml:"within,omitempty"`
}

// ParseScheme reads a scheme. Every fault is reported with its line as
// strictyaml.Problems, all at once: what is unknown, what is missing, points,
// weights and limits that do not add up; of a great many, the first. The scheme that it returns can be scored
// for each of its classes.
func ParseScheme(data []byte) (*Scheme, error) {
	var raw rawScheme
	root, err := strictyaml.Unmarshal(data, &raw)
	if root == nil {
		return nil, err
	}
	p := &parser{root: root, scheme: &Scheme{}, unread: map[int]bool{}, ids: map[string]bool{}, limited: map[string][]Method{}}
	p.add(root, err)
	p.head(raw)
	p.grades(raw.Grades)
	p.classes(raw.Classes)
	p.limits(raw.Limits)
	p.indicators(raw.Indicators)
	p.checkLimits()
	if p.problems.Full() {
		p.problems.Cut("scoring.more")
	}
	if err := p.problems.Err(); err != nil {
		return nil, err
	}
	p.scheme.makeCards()
	return p.scheme, nil
}

// parser collects the scheme and what is wrong with it.
type parser struct {
	root     *yaml.Node
	scheme   *Scheme
	problems strictyaml.Problems
	// unread are the lines with what could not be read at all.
	unread map[int]bool
	// ids are those of indicators and limits, limited the methods of the indicators
	// that a limit bounds, count how many indicators were read.
	ids     map[string]bool
	limited map[string][]Method
	count   int
}

// Bounds of a scheme: far above what any asks for, and low enough that no sum of
// points overflows. Texts are in characters, as the columns that keep them.
const (
	maxCode        = 64
	maxClause      = 200
	maxText        = 500
	maxGrades      = 20
	maxClasses     = 26
	maxLimits      = 100
	maxIndicators  = 1000
	maxLevels      = 3
	maxObligations = 100
	maxAppealDays  = 250
	firstYear      = 2008 // the regulations on openness came into force
	lastYear       = 2100
)

var (
	word         = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	regionCode   = regexp.MustCompile(`^\d{6}$`)
	classID      = regexp.MustCompile(`^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$`)
	obligationID = regexp.MustCompile(`^[a-z]{2,4}\d{4}\.[a-z]+(-[a-z0-9]+)*$`)
)

func (p *parser) head(raw rawScheme) {
	p.word(raw.ID, p.root, "id")
	p.text(raw.Title, p.root, "title")
	p.between(raw.Year, firstYear, lastYear, "year")
	p.require(regionCode.MatchString(raw.Region), p.root, "region", "scoring.bad_region", "Value", raw.Region)
	p.text(raw.Basis, p.root, "basis")
	p.between(raw.AppealDays, 1, maxAppealDays, "appeal_days")
	s := p.scheme
	s.ID, s.Title, s.Year, s.Region, s.Basis, s.AppealDays = raw.ID, raw.Title, raw.Year, raw.Region, raw.Basis, raw.AppealDays
}

// between checks a number of the scheme; one that is not there is no 0 that is too small.
func (p *parser) between(value, least, most int, field string) {
	if keyOf(p.root, field) == nil {
		p.fault(p.root, field, "scoring.missing")
		return
	}
	p.require(value >= least && value <= most, p.root, field, "scoring.out_of_range", "Value", value, "Least", least, "Most", most)
}

// DefaultGrades are those of a scheme that names none.
func DefaultGrades() []Grade {
	return []Grade{
		{ID: "excellent", Title: rules.Text{ZH: "优秀", EN: "Excellent"}, From: 9000},
		{ID: "good", Title: rules.Text{ZH: "良好", EN: "Good"}, From: 7000},
		{ID: "pass", Title: rules.Text{ZH: "合格", EN: "Pass"}, From: 6000},
		{ID: "fail", Title: rules.Text{ZH: "不合格", EN: "Fail"}},
	}
}

func (p *parser) grades(nodes []yaml.Node) {
	if nodes == nil {
		p.scheme.Grades = DefaultGrades()
		return
	}
	above := maxScore + 1
	for i := range p.several(nodes, "grades", maxGrades) {
		node := &nodes[i]
		var raw rawGrade
		p.add(node, strictyaml.Decode(node, &raw))
		from, ok := ParseScore(raw.From)
		p.require(ok, node, "from", "scoring.bad_score", "Value", raw.From, "Max", maxScore.plain())
		p.word(raw.ID, node, "id")
		p.text(raw.Title, node, "title")
		if _, twice := p.scheme.gradePlace(raw.ID); twice {
			p.fault(node, "id", "scoring.id_twice", "Value", raw.ID)
		}
		if ok {
			p.require(from < above, node, "from", "scoring.grade_order", "Value", raw.From, "Above", above.plain())
			p.require(from == 0 || i < len(nodes)-1, node, "from", "scoring.last_grade", "Value", raw.From)
			above = from
		}
		p.scheme.Grades = append(p.scheme.Grades, Grade{ID: raw.ID, Title: raw.Title, From: from})
	}
}

// fullMarks is the maximum of a class that names none.
const fullMarks Score = 10000

func (p *parser) classes(nodes []yaml.Node) {
	for i := range p.several(nodes, "classes", maxClasses) {
		node := &nodes[i]
		var raw rawClass
		p.add(node, strictyaml.Decode(node, &raw))
		p.require(classID.MatchString(raw.ID), node, "id", "scoring.bad_class", "Value", raw.ID)
		p.fits(raw.ID, maxCode, node, "id")
		p.text(raw.Title, node, "title")
		if slices.Contains(p.scheme.classIDs(), raw.ID) {
			p.fault(node, "id", "scoring.id_twice", "Value", raw.ID)
		}
		maximum := fullMarks
		if keyOf(node, "maximum") != nil {
			var ok bool
			maximum, ok = ParseScore(raw.Maximum)
			p.require(ok && maximum > 0, node, "maximum", "scoring.bad_maximum", "Value", raw.Maximum, "Max", maxScore.plain())
		}
		p.scheme.Classes = append(p.scheme.Classes, Class{ID: raw.ID, Title: raw.Title, Maximum: maximum})
	}
}

// several checks a list of the scheme and returns what of it is read.
func (p *parser) several(nodes []yaml.Node, field string, limit int) []yaml.Node {
	p.require(len(nodes) > 0, p.root, field, "scoring.missing")
	if len(nodes) > limit {
		p.fault(p.root, field, "scoring.too_many", "Size", len(nodes), "Max", limit)
		return nodes[:limit]
	}
	return nodes
}

// keyOf returns the key of a field of the mapping, nil when it is not there.
func keyOf(mapping *yaml.Node, field string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == field {
			return mapping.Content[i]
		}
	}
	return nil
}

// fault reports what is wrong with a field at its line, or at the mapping's where
// it is not there; but what could not be read at all is not told again.
func (p *parser) fault(mapping *yaml.Node, field, key string, pairs ...any) {
	if p.problems.Full() {
		return
	}
	line := mapping.Line
	if at := keyOf(mapping, field); at != nil {
		line = at.Line
	}
	if p.unread[line] {
		return
	}
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = short(pairs[i])
	}
	p.problems.Add(line, key, append([]any{"Field", field}, pairs...)...)
}

// short cuts what a problem quotes of the scheme: an id of a megabyte is not told again
// with each problem below it.
func short(value any) any {
	switch value := value.(type) {
	case string:
		if runes := []rune(value); len(runes) > maxText {
			return string(runes[:maxText]) + "…"
		}
	case []string:
		cut := make([]string, len(value))
		for i := range value {
			cut[i], _ = short(value[i]).(string)
		}
		return cut
	}
	return value
}

// require reports a fault unless ok.
func (p *parser) require(ok bool, mapping *yaml.Node, field, key string, pairs ...any) {
	if !ok {
		p.fault(mapping, field, key, pairs...)
	}
}

// add takes over the problems of reading a node.
func (p *parser) add(node *yaml.Node, err error) {
	var problems strictyaml.Problems
	switch {
	case err == nil:
	case errors.As(err, &problems):
		for _, problem := range problems {
			p.unread[problem.Line] = p.unread[problem.Line] || strings.HasPrefix(problem.Key, "yaml.")
		}
		if !p.problems.Full() {
			p.problems = append(p.problems, problems...)
		}
	default:
		p.unread[node.Line] = true
		p.problems.Add(node.Line, "yaml.syntax", "Message", err.Error())
	}
}

func (p *parser) fits(text string, limit int, mapping *yaml.Node, field string) {
	length := utf8.RuneCountInString(text)
	p.require(length <= limit, mapping, field, "scoring.too_long", "Length", length, "Max", limit)
}

func (p *parser) text(text rules.Text, mapping *yaml.Node, field string) {
	both := strings.TrimSpace(text.ZH) != "" && strings.TrimSpace(text.EN) != ""
	p.require(both, mapping, field, "scoring.both_languages")
	p.fits(text.ZH, maxText, mapping, field)
	p.fits(text.EN, maxText, mapping, field)
}

// word checks an id.
func (p *parser) word(id string, mapping *yaml.Node, field string) {
	p.require(word.MatchString(id), mapping, field, "scoring.bad_id", "Value", id)
	p.fits(id, maxCode, mapping, field)
}

// unique checks the id of an indicator or a limit.
func (p *parser) unique(id string, mapping *yaml.Node) {
	p.word(id, mapping, "id")
	p.require(id == "" || !p.ids[id], mapping, "id", "scoring.id_twice", "Value", id)
	p.ids[id] = true
}
