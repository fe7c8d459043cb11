package seeds

import (
	"context"
	"time"

	"gorm.io/gorm"

	"sundial/server/assessment"
	"sundial/server/bulletin"
	"sundial/server/rectification"
	"sundial/server/supervision"
)

// office is what the demo's offices do with their boards, in one transaction: desks that
// act at a past moment.
type office struct {
	*demo
	House
	ctx context.Context
	tx  *gorm.DB
}

// supervisionAt and bulletinsAt return the desks at a moment.
func (o *office) supervisionAt(at time.Time) *supervision.Desk { return o.Supervision.At(o.tx, at) }
func (o *office) bulletinsAt(at time.Time) *bulletin.Desk      { return o.Bulletins.At(o.tx, at) }

// scoresAt and rectificationsAt return the desks at a moment.
func (o *office) scoresAt(at time.Time) *assessment.Desk { return o.Scores.At(o.tx, at) }
func (o *office) rectificationsAt(at time.Time) *rectification.Desk {
	return o.Rectifications.At(o.tx, at)
}

// supervise makes up what the offices do. It comes after the facts and the scores.
func supervise(ctx context.Context, h House, begin func() *demo) error {
	return h.Store.Write(ctx, func(tx *gorm.DB) error {
		o := &office{demo: begin(), House: h, ctx: ctx, tx: tx}
		for _, act := range []func(*office) error{divideTasks, (*office).rectify, (*office).inspect, makeUrges, publishBulletins} {
			if err := act(o); err != nil {
				return err
			}
		}
		return readMail(o)
	})
}
