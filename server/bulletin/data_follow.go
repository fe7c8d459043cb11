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
	list, err := d.supervision.Urges(ctx, w.Actor, q.unit.Code, supervision.UrgeQuery{AsOf: q.asOf, Mine: true})
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
		if line.Level == models.UrgeRed && (line.Status == models.UrgeSent || line.Status == models.UrgeAcknowledged) {
			urges.Silent = append(urges.Silent, SilentUrge{Unit: unitOf(line.Unit), Row: data.rowOf(line.Unit.Path), SentOn: line.SentOn, ReplyBy: line.ReplyBy})
		}
	}
	data.Urges = urges
	return nil
}
