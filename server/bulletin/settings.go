package bulletin

import "sundial/models"

// Settings are the parts that a bulletin has and the rules by which it names units.
type Settings struct {
	Parts     Parts     `json:"parts"`
	Praise    Praise    `json:"praise"`
	Criticism Criticism `json:"criticism"`
}

// Parts are those that may be left out.
type Parts struct {
	Late     bool `json:"late"`
	Tasks    bool `json:"tasks"`
	Findings bool `json:"findings"`
	Urges    bool `json:"urges"`
}

// Praise are the rules of praise (表扬): everything in time without an open finding, a
// rank up to RankTo (0 is none), the top grade. By rank nobody is praised who has a veto,
// the lowest grade, or the last place.
type Praise struct {
	InTime   bool `json:"in_time"`
	RankTo   int  `json:"rank_to"`
	TopGrade bool `json:"top_grade"`
}

// Criticism are the rules of criticism (通报批评): at least OverdueFrom overdue duties, a
// completion below CompletionBelow, each 0 for none; a red urge without a reply; a
// serious finding that is past its date.
type Criticism struct {
	OverdueFrom     int  `json:"overdue_from"`
	CompletionBelow Rate `json:"completion_below"`
	RedUrge         bool `json:"red_urge"`
	SeriousFinding  bool `json:"serious_finding"`
}

// DefaultSettings are those of a new bulletin.
var DefaultSettings = Settings{
	Parts:     Parts{Late: true, Tasks: true, Findings: true, Urges: true},
	Praise:    Praise{InTime: true, RankTo: 3},
	Criticism: Criticism{OverdueFrom: 5, CompletionBelow: 5000, RedUrge: true, SeriousFinding: true},
}

// Rule is by which rule a unit is named.
type Rule string

// The rules, by the names of the settings.
const (
	PraiseInTime        Rule = "in_time"
	PraiseRank          Rule = "rank"
	PraiseGrade         Rule = "grade"
	CriticismOverdue    Rule = "overdue"
	CriticismCompletion Rule = "completion"
	CriticismUrge       Rule = "urge"
	CriticismFinding    Rule = "finding"
)

// Named is a unit that is praised or criticised by a rule, with the numbers by which it
// is: Count of Of duties, findings or urges, the Completion, or the Rank, Score and Grade
// in its class.
type Named struct {
	Unit       Unit   `json:"unit"`
	Rule       Rule   `json:"rule"`
	Count      int    `json:"count,omitempty"`
	Of         int    `json:"of,omitempty"`
	Completion *Rate  `json:"completion,omitempty"`
	Below      *Rate  `json:"below,omitempty"`
	Class      string `json:"class,omitempty"`
	Rank       int    `json:"rank,omitempty"`
	Score      string `json:"score,omitempty"`
	Grade      *Text  `json:"grade,omitempty"`
}

// MaxRankTo is the last rank that can be praised, MaxOverdueFrom the largest number of
// overdue duties that can be asked for.
const (
	MaxRankTo      = 100
	MaxOverdueFrom = 10_000
)

// faults says what is wrong with the settings. A rule whose part is left out would name
// the wrong units, or nobody.
func (s Settings) faults() []models.Field {
	var faults []models.Field
	within := func(name string, value, most int) {
		if value < 0 || value > most {
			faults = append(faults, models.Field{Name: name, Key: "bulletins.out_of_range", Args: models.Args("Value", value, "Max", most)})
		}
	}
	within("rank_to", s.Praise.RankTo, MaxRankTo)
	within("overdue_from", s.Criticism.OverdueFrom, MaxOverdueFrom)
	if s.Criticism.CompletionBelow < 0 || s.Criticism.CompletionBelow > 100*100 {
		faults = append(faults, models.Field{Name: "completion_below", Key: "bulletins.bad_rate"})
	}
	needs := func(name, part string, rule, has bool) {
		if rule && !has {
			faults = append(faults, models.Field{Name: name, Key: "bulletins.rule_needs_" + part})
		}
	}
	needs("in_time", "findings", s.Praise.InTime, s.Parts.Findings)
	needs("red_urge", "urges", s.Criticism.RedUrge, s.Parts.Urges)
	needs("serious_finding", "findings", s.Criticism.SeriousFinding, s.Parts.Findings)
	return faults
}
