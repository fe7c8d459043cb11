package supervision_test

import (
	"fmt"
	"testing"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/supervision"
)

// scene is a world in which Shandong's policy of 2017 is in force and its office urges.
type scene struct {
	*desktest.World
	*supervision.Desk
	office compliance.Actor
}

func newScene(t *testing.T, s *store.Store) scene {
	t.Helper()
	w := desktest.New(t, s)
	w.At("2017-05-05")
	w.Activate("shandong-2017", 2017)
	w.At("2017-06-01 09:00")
	return scene{w, supervision.New(s, w.Ledger, w.Now), w.Supervisor(desktest.Shandong)}
}

// At sets the clock: both of a scene's parts have a method of the name.
func (s scene) at(text string) { s.World.At(text) }

// plan is the duty of a city to publish its plan, due on 2017-06-16.
func (s scene) plan(code string) supervision.UrgeRef {
	s.Helper()
	return supervision.UrgeRef{Object: models.UrgeDuty, ID: s.Duty(code, "sd2017.plan").ID}
}

// letter is what a city is urged for.
func letter(code string, items ...supervision.UrgeRef) supervision.UrgeLetter {
	return supervision.UrgeLetter{Unit: code, Items: items, Text: "请抓紧办理。"}
}

func (s scene) send(letters ...supervision.UrgeLetter) ([]models.Urge, error) {
	s.Helper()
	return s.SendUrges(s.Context(), s.office, desktest.Shandong, supervision.UrgeBatch{Letters: letters})
}

// urge urges Jinan for its plan.
func (s scene) urge() models.Urge {
	s.Helper()
	sent, err := s.send(letter(desktest.Jinan, s.plan(desktest.Jinan)))
	s.Must(err)
	return sent[0]
}

// look returns an urge as the office sees it.
func (s scene) look(id uint64) *supervision.UrgeView {
	s.Helper()
	view, err := s.Urge(s.Context(), s.office, id)
	s.Must(err)
	return view
}

// steps are those of an urge, each as its day, its act and the level after it.
func (s scene) steps(id uint64) []string {
	s.Helper()
	var list []string
	for _, step := range s.look(id).Steps {
		list = append(list, fmt.Sprintf("%s %s %s", step.DoneOn, step.Act, step.Level))
	}
	return list
}

func (s scene) escalate() int {
	s.Helper()
	steps, err := s.Escalate(s.Context())
	s.Must(err)
	return steps
}

// told counts the messages with the key.
func (s scene) told(key string) int {
	s.Helper()
	var count int64
	s.Must(s.Store.Read(s.Context()).Model(&models.Message{}).Where("message_key = ?", key).Count(&count).Error)
	return int(count)
}
