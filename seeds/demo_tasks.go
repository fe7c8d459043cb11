package seeds

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/supervision"
)

// taskWords are what the demo's tasks are made of, as in demo/tasks.yaml.
type taskWords struct {
	Policies []taskPolicy `yaml:"policies"`
	Begun    []string     `yaml:"begun"`
	Further  []string     `yaml:"further"`
	Done     []string     `yaml:"done"`
	Idle     []string     `yaml:"idle"`
	Reasons  []string     `yaml:"reasons"`
	Again    string       `yaml:"again"`
	Return   string       `yaml:"return"`
	// Left are parts that are still under way.
	Left   []leftPart `yaml:"left"`
	Redate struct {
		Task   string        `yaml:"task"`
		On     calendar.Date `yaml:"on"`
		Due    calendar.Date `yaml:"due"`
		Reason string        `yaml:"reason"`
	} `yaml:"redate"`
	Assign struct {
		Task  string        `yaml:"task"`
		On    calendar.Date `yaml:"on"`
		Units []string      `yaml:"units"`
	} `yaml:"assign"`
	Own struct {
		Policy string        `yaml:"policy"`
		On     calendar.Date `yaml:"on"`
		Clause string        `yaml:"clause"`
		Title  rules.Text    `yaml:"title"`
		Due    calendar.Date `yaml:"due"`
		Lead   []string      `yaml:"lead"`
	} `yaml:"own"`
}

type leftPart struct {
	Task string `yaml:"task"`
	Unit string `yaml:"unit"`
}

// taskPolicy is a policy of which the office of a unit divides the tasks on a day.
type taskPolicy struct {
	Policy string        `yaml:"policy"`
	Unit   string        `yaml:"unit"`
	Opened calendar.Date `yaml:"opened"`
}

// taskMove is something that somebody does with a task on a day.
type taskMove struct {
	on   calendar.Date
	name string
	do   func(desk *supervision.Desk) error
}

// divideTasks makes up the tasks of the policies that have them: who leads reports over
// the year, most in time, some late and some not at all.
func divideTasks(o *office) error {
	words := &taskWords{}
	if err := readDemo("demo/tasks.yaml", words); err != nil {
		return err
	}
	var opened int64
	if err := o.tx.Model(&models.Task{}).Count(&opened).Error; err != nil {
		return fmt.Errorf("look for tasks: %w", store.Translate(err))
	}
	if opened > 0 {
		return nil
	}
	var loaded []string
	if err := o.tx.Model(&models.Policy{}).Pluck("code", &loaded).Error; err != nil {
		return fmt.Errorf("policies of tasks: %w", store.Translate(err))
	}
	words.Policies = slices.DeleteFunc(words.Policies, func(p taskPolicy) bool { return !slices.Contains(loaded, p.Policy) })
	t := &taskPlay{office: o, words: words, byCode: map[string]models.Unit{}}
	for _, unit := range o.units {
		t.byCode[unit.Code] = unit
	}
	for _, one := range words.Policies {
		supervisor := o.cast.supervisor(t.byCode[one.Unit])
		if _, err := o.supervisionAt(clockOn(one.Opened, one.Policy)).OpenTasks(o.ctx, supervisor, one.Unit, one.Policy, nil); err != nil {
			return fmt.Errorf("tasks of %s: %w", one.Policy, err)
		}
	}
	if err := t.decide(); err != nil {
		return err
	}
	return t.play()
}

// clockOn is a moment of office hours on the day, the same for the same words.
func clockOn(day calendar.Date, words ...string) time.Time {
	by := throw(append(words, day.String(), "clock")...)
	return time.Date(day.Year(), day.Month(), day.Day(), 9+by.below(8), by.below(60), 0, 0, rules.Shanghai)
}

// taskPlay is the demo's tasks under way.
type taskPlay struct {
	*office
	words  *taskWords
	byCode map[string]models.Unit
	moves  []taskMove
}

// decide has the office of Shandong name departments that the document leaves open, move a
// due date, and add a task, when its policy is there.
func (t *taskPlay) decide() error {
	own := t.words.Own
	if !slices.ContainsFunc(t.words.Policies, func(p taskPolicy) bool { return p.Policy == own.Policy }) {
		return nil
	}
	unit := t.byCode["370000"]
	supervisor := t.cast.supervisor(unit)
	desk := t.supervisionAt(clockOn(own.On, own.Policy))
	_, err := desk.AddTask(t.ctx, supervisor, unit.Code, supervision.TaskInput{Policy: own.Policy, Clause: own.Clause, TitleZH: own.Title.ZH, TitleEN: own.Title.EN,
		DueOn: own.Due, Lead: own.Lead})
	if err != nil {
		return fmt.Errorf("task of the office: %w", err)
	}
	for _, code := range t.words.Assign.Units {
		task, err := t.task(t.words.Assign.Task)
		if err != nil {
			return err
		}
		desk := t.supervisionAt(clockOn(t.words.Assign.On, code))
		if err := desk.AssignTask(t.ctx, supervisor, task.ID, task.Version, code, models.TaskLead); err != nil {
			return fmt.Errorf("give %s to %s: %w", task.Code, code, err)
		}
	}
	task, err := t.task(t.words.Redate.Task)
	if err != nil {
		return err
	}
	redate := t.words.Redate
	if err := t.supervisionAt(clockOn(redate.On, redate.Task)).RedateTask(t.ctx, supervisor, task.ID, task.Version, redate.Due, redate.Reason); err != nil {
		return fmt.Errorf("due date of %s: %w", task.Code, err)
	}
	return nil
}

func (t *taskPlay) task(code string) (models.Task, error) {
	var task models.Task
	if err := t.tx.Where("code = ?", code).Take(&task).Error; err != nil {
		return task, fmt.Errorf("task %s: %w", code, store.Translate(err))
	}
	return task, nil
}

// play has all who lead report, in the order of time.
func (t *taskPlay) play() error {
	var tasks []models.Task
	if err := t.tx.Find(&tasks).Error; err != nil {
		return fmt.Errorf("tasks: %w", store.Translate(err))
	}
	byID := map[uint64]models.Task{}
	for _, task := range tasks {
		byID[task.ID] = task
	}
	var shares []models.TaskShare
	if err := t.tx.Where("role = ?", models.TaskLead).Order("id").Find(&shares).Error; err != nil {
		return fmt.Errorf("shares: %w", store.Translate(err))
	}
	t.followUnits(byID, shares)
	for i := range shares {
		(&sharePlay{taskPlay: t, task: byID[shares[i].TaskID], share: &shares[i], unit: t.units[shares[i].UnitID]}).plan()
	}
	slices.SortStableFunc(t.moves, func(a, b taskMove) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.name, b.name))
	})
	for _, move := range t.moves {
		if move.on > t.last {
			break
		}
		if err := move.do(t.supervisionAt(clockOn(move.on, move.name))); err != nil {
			return fmt.Errorf("%s on %s: %w", move.name, move.on, err)
		}
	}
	return nil
}

// followUnits has the offices divide again a week after units with a part were closed: the
// parts of those end.
func (t *taskPlay) followUnits(tasks map[uint64]models.Task, shares []models.TaskShare) {
	for _, one := range t.words.Policies {
		var days []calendar.Date
		for _, share := range shares {
			unit := t.units[share.UnitID]
			if !unit.ClosedOn.IsZero() && tasks[share.TaskID].UnitID == t.byCode[one.Unit].ID && !slices.Contains(days, unit.ClosedOn) {
				days = append(days, unit.ClosedOn)
			}
		}
		for _, day := range days {
			t.moves = append(t.moves, taskMove{day + 7, one.Policy, func(desk *supervision.Desk) error {
				_, err := desk.OpenTasks(t.ctx, t.cast.supervisor(t.byCode[one.Unit]), one.Unit, one.Policy, nil)
				return err
			}})
		}
	}
}

// sharePlay is the part of a unit in a task, as it goes on.
type sharePlay struct {
	*taskPlay
	task  models.Task
	share *models.TaskShare
	unit  models.Unit
}

// plan draws what the unit reports and when. Units that lag in their duties lag here too.
func (p *sharePlay) plan() {
	by := throw(p.task.Code, p.unit.Code)
	begin := p.share.GivenOn + calendar.Date(by.between(4, 26))
	share := pick(throw(p.unit.Code, "character"), characters)
	roll := by.below(100)
	left := slices.Contains(p.words.Left, leftPart{p.task.Code, p.unit.Code})
	switch inTime, late := share[0]+6, share[1]; {
	case left:
		p.report(begin, models.TaskUnderWay, pick(by, p.words.Begun))
		p.report(p.last-calendar.Date(by.between(8, 40)), models.TaskUnderWay, pick(by, p.words.Further))
	case roll < inTime:
		p.report(begin, models.TaskUnderWay, pick(by, p.words.Begun))
		next := begin + calendar.Date(by.between(9, 27))
		if by.chance(40) {
			p.report(next, models.TaskUnderWay, pick(by, p.words.Further))
			next += calendar.Date(by.between(9, 27))
		}
		p.finish(by, next)
	case roll < inTime+late:
		p.report(begin, models.TaskUnderWay, pick(by, p.words.Begun))
		p.finish(by, p.task.DueOn+calendar.Date(by.between(5, 70)))
	case by.chance(25):
		p.report(begin, models.TaskNotStarted, pick(by, p.words.Idle))
	case by.chance(70):
		p.report(begin, models.TaskUnderWay, pick(by, p.words.Begun))
		p.report(p.task.DueOn+calendar.Date(by.between(3, 40)), models.TaskUnderWay, pick(by, p.words.Further))
		if by.chance(40) {
			p.report(p.last-calendar.Date(by.between(1, 25)), models.TaskUnderWay, pick(by, p.words.Further))
		}
	}
}

// finish has the unit report that it is done; now and then the office finds that it is not.
func (p *sharePlay) finish(by *dice, on calendar.Date) {
	p.report(on, models.TaskDone, pick(by, p.words.Done))
	if !by.chance(3) {
		return
	}
	p.move(on+9, "return", func(desk *supervision.Desk) error {
		return desk.ReturnTask(p.ctx, p.cast.supervisor(p.unit), p.task.ID, p.share.ID, p.share.Version, p.words.Return)
	})
	p.report(on+calendar.Date(by.between(14, 30)), models.TaskDone, p.words.Again)
}

func (p *sharePlay) report(on calendar.Date, status models.TaskStatus, note string) {
	note = strings.ReplaceAll(note, "{task}", p.task.TitleZH)
	p.move(on, "report", func(desk *supervision.Desk) error {
		in := supervision.TaskProgress{Status: status, Note: note}
		standing := supervision.TaskStanding{Role: p.share.Role, Status: p.share.Status, DueOn: p.task.DueOn, MovedOn: p.share.MovedOn}
		if standing.Behind(on) {
			in.Reason = pick(throw(p.task.Code, p.unit.Code, on.String()), p.words.Reasons)
		}
		if status == models.TaskDone {
			in.URL = "https://www.gov.example/" + p.unit.Code + "/" + p.task.Code
		}
		return desk.ReportTask(p.ctx, p.cast.reporter(p.unit), p.task.ID, p.share.ID, p.share.Version, in)
	})
}

// move adds a step; the part is read again before and after it.
func (p *sharePlay) move(on calendar.Date, name string, do func(desk *supervision.Desk) error) {
	if !p.unit.ExistsOn(on) {
		return
	}
	p.moves = append(p.moves, taskMove{on, fmt.Sprint(p.task.Code, " ", p.unit.Code, " ", name), func(desk *supervision.Desk) error {
		if err := p.tx.Where("id = ?", p.share.ID).Take(p.share).Error; err != nil {
			return fmt.Errorf("share: %w", store.Translate(err))
		}
		return do(desk)
	}})
}
