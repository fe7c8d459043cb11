package bulletin

import (
	"context"

	"sundial/models"
	"sundial/server/desk"
	"sundial/server/supervision"
)

// addUrges counts the urges that the office has sent in the year up to the as-of date, as
// they stood then.
func (d *Desk) addUrges(ctx context.Context, w *desk.Write, q question, data *Data) error {
	if !q.settings.Parts.Urges {
		return nil
	}
	list, err := d.supervision.Urges(ctx, w.Actor, q.unit.Code, supervision.UrgeQuery{AsOf: q.asOf, Mine: true, Below: true})
	if err != nil {
		return err
	}
	urges := &Urges{Silent: []SilentUrge{}}
	for _, line := range list.Items {
		if line.SentOn.Year() < q.year {
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
// wait one by one.
func (d *Desk) addFindings(ctx context.Context, q question, data *Data) error {
	if !q.settings.Parts.Findings {
		return nil
	}
	facts, err := d.supervision.FindingFacts(ctx, q.unit, q.year, q.asOf)
	if err != nil {
		return err
	}
	findings := &Findings{Total: facts.Total.Found, Closed: facts.Total.Closed, Noted: facts.Total.Noted, Open: []OpenFinding{}}
	for _, severity := range models.Severities {
		findings.Levels = append(findings.Levels, FindingTally{severity, facts.BySeverity[severity].NotClosed()})
	}
	for _, line := range facts.Waiting {
		findings.Open = append(findings.Open, OpenFinding{Unit: unitOf(line.Unit), Row: data.rowOf(line.Unit.Path), Severity: line.Severity, Clause: line.Clause,
			FoundOn: line.FoundOn, DueOn: line.DueOn, Overdue: line.State == supervision.FindingOverdue})
	}
	data.Findings = findings
	return nil
}
