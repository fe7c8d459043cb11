package bulletin

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/desk"
	"sundial/server/supervision"
)

// addUrges counts the urges that the office has sent up to the as-of date for something
// that the bulletin is about, whenever they were sent, as they stood then.
func (d *Desk) addUrges(ctx context.Context, w *desk.Write, q question, data *Data) error {
	if !q.settings.Parts.Urges {
		return nil
	}
	list, err := d.supervision.Urges(ctx, w.Actor, q.unit.Code, supervision.UrgeQuery{AsOf: q.asOf, Mine: true, Below: true})
	if err != nil {
		return err
	}
	var refs []supervision.UrgeRef
	for _, line := range list.Items {
		for _, thing := range line.Items {
			refs = append(refs, thing.UrgeRef)
		}
	}
	belongs, err := q.concernOf(w.TX, data.policyCodes(), refs)
	if err != nil {
		return err
	}
	urges := &Urges{Silent: []SilentUrge{}}
	for _, line := range list.Items {
		if !slices.ContainsFunc(line.Items, func(thing supervision.UrgeThing) bool { return belongs[thing.UrgeRef] }) {
			continue
		}
		urges.Total++
		switch line.Level {
		case models.UrgeRed:
			urges.Red++
		case models.UrgeYellow:
			urges.Yellow++
		default:
			urges.Blue++
		}
		if line.Level == models.UrgeRed && !line.Waits && (line.Status == models.UrgeSent || line.Status == models.UrgeAcknowledged) {
			urges.Silent = append(urges.Silent, SilentUrge{Unit: unitOf(line.Unit), Row: data.rowOf(line.Unit.Path), SentOn: line.SentOn, ReplyBy: line.ReplyBy})
		}
	}
	data.Urges = urges
	return nil
}

// policyCodes are the codes of the policies by which the duties are judged.
func (d *Data) policyCodes() []string {
	codes := make([]string, len(d.Policies))
	for i, policy := range d.Policies {
		codes[i] = policy.Code
	}
	return codes
}

// addTasks counts the parts of lead units in the tasks of the policies, as they stood.
func (d *Desk) addTasks(ctx context.Context, w *desk.Write, q question, data *Data) error {
	if !q.settings.Parts.Tasks {
		return nil
	}
	facts, err := d.supervision.TaskFacts(ctx, w.Actor, q.unit.Code, q.policy, q.asOf)
	if err != nil {
		return err
	}
	data.Tasks = &Tasks{}
	for _, of := range facts {
		data.Tasks.Total += of.Counts[supervision.TaskLeads]
		data.Tasks.NotStarted += of.Counts[supervision.TaskState(models.TaskNotStarted)]
		data.Tasks.UnderWay += of.Counts[supervision.TaskState(models.TaskUnderWay)]
		data.Tasks.Done += of.Counts[supervision.TaskState(models.TaskDone)]
		data.Tasks.Stalled += of.Counts[supervision.TaskStale]
		data.Tasks.Overdue += of.Counts[supervision.TaskOverdue]
	}
	return nil
}

// addFindings brings the findings of the year's inspections, as they stood: those that
// wait one by one. With a policy, those about its duties.
func (d *Desk) addFindings(ctx context.Context, w *desk.Write, q question, data *Data) error {
	if !q.settings.Parts.Findings {
		return nil
	}
	list, err := d.supervision.Findings(ctx, w.Actor, q.unit.Code, supervision.FindingQuery{AsOf: q.asOf, Year: q.year})
	if err != nil {
		return err
	}
	if q.policy != "" {
		if list.Items, err = q.findingsOfPolicy(w.TX, list.Items); err != nil {
			return err
		}
	}
	data.Findings = data.findings(list.Items)
	return nil
}

// findingsOfPolicy leaves out the findings that are about no duty of the policy.
func (q question) findingsOfPolicy(tx *gorm.DB, list []supervision.FindingLine) ([]supervision.FindingLine, error) {
	var refs []supervision.UrgeRef
	for _, line := range list {
		if line.DutyID != nil {
			refs = append(refs, supervision.UrgeRef{Object: models.UrgeDuty, ID: *line.DutyID})
		}
	}
	anyYear := q
	anyYear.year = 0
	belongs, err := anyYear.concernOf(tx, nil, refs)
	return slices.DeleteFunc(list, func(line supervision.FindingLine) bool {
		return line.DutyID == nil || !belongs[supervision.UrgeRef{Object: models.UrgeDuty, ID: *line.DutyID}]
	}), err
}

// findings counts the lines that are not withdrawn, and lists those that wait: the gravest
// first, then by unit.
func (d *Data) findings(lines []supervision.FindingLine) *Findings {
	findings := &Findings{Open: []OpenFinding{}}
	open := map[models.Severity]int{}
	slices.SortFunc(lines, func(a, b supervision.FindingLine) int {
		return cmp.Or(slices.Index(models.Severities, a.Severity)-slices.Index(models.Severities, b.Severity), cmp.Compare(a.Unit.Code, b.Unit.Code), cmp.Compare(a.ID, b.ID))
	})
	for _, line := range lines {
		switch line.State {
		case supervision.FindingWithdrawn:
			continue
		case supervision.FindingClosed:
			findings.Closed++
		case supervision.FindingNoted:
			findings.Noted++
		default:
			open[line.Severity]++
			findings.Open = append(findings.Open, OpenFinding{Unit: unitOf(line.Unit), Row: d.rowOf(line.Unit.Path), Severity: line.Severity, Clause: line.Clause,
				FoundOn: line.FoundOn, DueOn: line.DueOn, Overdue: line.State == supervision.FindingOverdue})
		}
		findings.Total++
	}
	for _, severity := range models.Severities {
		findings.Levels = append(findings.Levels, FindingTally{severity, open[severity]})
	}
	return findings
}
