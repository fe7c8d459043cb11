package seeds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/training"
)

// trainingWords are what the demo's training is made of, as in
// demo/training.yaml.
type trainingWords struct {
	Given     []string            `yaml:"given"`
	Posts     map[string][]string `yaml:"posts"`
	PartTime  []string            `yaml:"part_time"`
	Lecturers []string            `yaml:"lecturers"`
	Courses   []courseWords       `yaml:"courses"`
	Plan      struct {
		Title string `yaml:"title"`
		Goal  string `yaml:"goal"`
	} `yaml:"plan"`
	Regions []regionWords `yaml:"regions"`
}

type courseWords struct {
	Key      string `yaml:"key"`
	Title    string `yaml:"title"`
	Subject  string `yaml:"subject"`
	Audience string `yaml:"audience"`
	Hours    string `yaml:"hours"`
	Tested   bool   `yaml:"tested"`
	PassMark string `yaml:"pass_mark"`
}

// regionWords are the rosters and sessions of the region of a policy.
type regionWords struct {
	Policy string `yaml:"policy"`
	Unit   string `yaml:"unit"`
	// Begins is the day from which rosters are entered; Rosters how many people are
	// on one, at least and at most.
	Begins  calendar.Date `yaml:"begins"`
	Rosters []int         `yaml:"rosters"`
	// Behind are the codes of units one of whose people is never sent, Without of
	// those with nobody on the roster. Merged maps a closed unit to the one in which
	// its people go on.
	Behind   []string          `yaml:"behind"`
	Without  []string          `yaml:"without"`
	Merged   map[string]string `yaml:"merged"`
	Cases    []caseWords       `yaml:"cases"`
	Sessions []sessionWords    `yaml:"sessions"`
}

// caseWords is something that happens to somebody so many days after today.
type caseWords struct {
	What  caseKind `yaml:"what"`
	Unit  string   `yaml:"unit"`
	To    string   `yaml:"to"`
	Today int      `yaml:"today"`
}

// caseKind says what happens.
type caseKind string

const (
	caseJoined caseKind = "joined" // somebody new comes
	caseMoved  caseKind = "moved"  // somebody goes to another unit
	caseLeaves caseKind = "leaves" // somebody's last day is known
	caseTwice  caseKind = "twice"  // somebody is entered a second time
)

// sessionWords is a session on a day, or so many days after today, or after the
// beginning of the window that contains today.
type sessionWords struct {
	Course   string             `yaml:"course"`
	Kind     models.SessionKind `yaml:"kind"`
	City     string             `yaml:"city"`
	Place    string             `yaml:"place"`
	On       calendar.Date      `yaml:"on"`
	Window   int                `yaml:"window"`
	Today    int                `yaml:"today"`
	Days     int                `yaml:"days"`
	Capacity int                `yaml:"capacity"`
	// Asked is how many people are nominated, when they are not as many as the seats.
	Asked int `yaml:"asked"`
}

func readTraining() (*trainingWords, error) {
	w := &trainingWords{}
	err := readDemo("demo/training.yaml", w)
	return w, err
}

// train makes up rosters and sessions of the regions whose policies are activated,
// in one transaction, unless somebody is on a roster already. It comes before the
// facts: duties are judged by it when they are made, all at once.
func train(ctx context.Context, s *store.Store, desk *training.Desk, list []activation, begin func() *demo) error {
	words, err := readTraining()
	if err != nil {
		return err
	}
	var postings int64
	if err := s.Read(ctx).Model(&models.Posting{}).Count(&postings).Error; err != nil {
		return fmt.Errorf("look for rosters: %w", store.Translate(err))
	}
	if postings > 0 {
		return nil
	}
	return desk.Replay(ctx, func(on func(at time.Time) *training.Desk) error {
		d := begin()
		for _, region := range words.Regions {
			if !slices.ContainsFunc(list, func(a activation) bool { return a.policy == region.Policy }) {
				continue
			}
			if err := d.trainRegion(ctx, words, region, on); err != nil {
				return fmt.Errorf("training of %s: %w", region.Unit, err)
			}
		}
		return nil
	})
}

// school is the training of one region, as it goes on.
type school struct {
	*demo
	ctx    context.Context
	words  *trainingWords
	region regionWords
	root   models.Unit
	// bound are the units below it, by code.
	bound []models.Unit
	cycle *rules.Rotation
	// ends is the last day on which anything is told.
	ends        calendar.Date
	coordinator compliance.Actor
	steps       []step
	workers     []*worker
	// names are those that are taken, numbers the last one by unit, courses the ids
	// by key.
	names   map[string]bool
	numbers map[string]int
	courses map[string]uint64
}

// step is one thing that somebody did at a past moment.
type step struct {
	at time.Time
	do func(desk *training.Desk) error
}

func (d *demo) trainRegion(ctx context.Context, words *trainingWords, region regionWords, on func(at time.Time) *training.Desk) error {
	s, err := d.newSchool(ctx, words, region)
	if err != nil {
		return err
	}
	s.planCourses()
	s.planRosters()
	s.planMergers()
	s.planTurnover()
	s.planCases()
	s.planSessions()
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, step := range s.steps {
		if err := step.do(on(step.at)); err != nil {
			return fmt.Errorf("at %s: %w", step.at.Format(time.DateTime), err)
		}
	}
	return nil
}

func (d *demo) newSchool(ctx context.Context, words *trainingWords, region regionWords) (*school, error) {
	policy, err := Policy(region.Policy)
	if err != nil {
		return nil, err
	}
	s := &school{demo: d, ctx: ctx, words: words, region: region, cycle: policy.Rotations()[0].Rotation, ends: d.last,
		names: map[string]bool{}, numbers: map[string]int{}, courses: map[string]uint64{}}
	if until := s.cycle.Until; !until.IsZero() {
		s.ends = min(s.ends, until)
	}
	for _, unit := range d.units {
		if unit.Code == region.Unit {
			s.root = unit
		}
	}
	for _, unit := range d.units {
		if unit.ID != s.root.ID && strings.HasPrefix(unit.Path, s.root.Path) {
			s.bound = append(s.bound, unit)
		}
	}
	slices.SortFunc(s.bound, func(a, b models.Unit) int { return cmp.Compare(a.Code, b.Code) })
	s.coordinator = d.cast.coordinators[s.root.Path]
	return s, nil
}

// plan puts a step on a day, so many minutes after midnight. What would come after
// the last day is left out.
func (s *school) plan(day calendar.Date, minute int, do func(desk *training.Desk) error) {
	if day <= s.last {
		s.steps = append(s.steps, step{midnight(day).Add(time.Duration(minute) * time.Minute), do})
	}
}

// unit returns the bound unit with the code.
func (s *school) unit(code string) models.Unit {
	i := slices.IndexFunc(s.bound, func(u models.Unit) bool { return u.Code == code })
	return s.bound[i]
}
