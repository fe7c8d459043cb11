package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/supervision"
)

// urgeInside has the province urge the place for its open duty, and returns the urge.
func (w *world) urgeInside() models.Urge {
	w.t.Helper()
	office := compliance.Actor{Access: w.app.table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
	letter := supervision.UrgeLetter{Unit: w.inside.code, Items: []supervision.UrgeRef{{Object: models.UrgeDuty, ID: w.inside.open}}, Text: "请抓紧办理。", Again: "测试"}
	sent, err := w.app.supervised.SendUrges(w.t.Context(), office, w.parent.code, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{letter}})
	if err != nil {
		w.t.Fatal(err)
	}
	return sent[0]
}

// level is the recorded level of an urge.
func (w *world) level(id uint64) models.UrgeLevel {
	w.t.Helper()
	var urge models.Urge
	if err := w.store.Read(context.Background()).Take(&urge, id).Error; err != nil {
		w.t.Fatal(err)
	}
	return urge.Level
}

// The plan is due on 16 June: a server that starts on the 19th records that at once.
func TestAServerTurnsTheDayWhenItStarts(t *testing.T) {
	w := newWorld(t)
	urge := w.urgeInside()
	w.clock.set(noon("2017-06-19"))
	before := goleak.IgnoreCurrent()
	stop, err := w.app.startJobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if w.level(urge.ID) == models.UrgeRed {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if got := w.level(urge.ID); got != models.UrgeRed {
		t.Errorf("the urge is %s", got)
	}
	goleak.VerifyNone(t, before)
}

// A turn that fails is made again at the next hour, and one that was made is not.
func TestADayThatWasNotTurnedIsTurnedAgain(t *testing.T) {
	w := newWorld(t)
	urge := w.urgeInside()
	w.clock.set(noon("2017-06-19"))
	var tries int
	broken := true
	if err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Callback().Create().Before("gorm:create").Register("turn:break", func(tx *gorm.DB) {
			if _, ok := tx.Statement.Dest.(*models.UrgeStep); ok {
				if tries++; broken {
					_ = tx.AddError(errors.New("broken"))
				}
			}
		})
	}); err != nil {
		t.Fatal(err)
	}
	if w.app.turnOnce(t.Context()); w.level(urge.ID) == models.UrgeRed || tries == 0 {
		t.Fatalf("turned in spite of its fault, %d tries", tries)
	}
	broken = false
	if w.app.turnOnce(t.Context()); w.level(urge.ID) != models.UrgeRed {
		t.Error("not turned again")
	}
	if err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Urge{}).Where("id = ?", urge.ID).Update("level", models.UrgeBlue).Error
	}); err != nil {
		t.Fatal(err)
	}
	if w.app.turnOnce(t.Context()); w.level(urge.ID) != models.UrgeBlue {
		t.Error("turned twice on one day")
	}
	w.clock.set(noon("2017-06-20"))
	if w.app.turnOnce(t.Context()); w.level(urge.ID) == models.UrgeBlue {
		t.Error("not turned on the next day")
	}
}

// A process that finds the day being turned by another one leaves it to that one.
func TestTheTurnOfTheDayIsHeldByOne(t *testing.T) {
	w := newWorld(t)
	urge := w.urgeInside()
	w.clock.set(noon("2017-06-19"))
	held, err := w.store.TryHold(t.Context(), "escalate", time.Minute, func(context.Context) error {
		ended, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		w.app.turnDay(ended)
		return nil
	})
	if err != nil || !held {
		t.Fatalf("held %t, %v", held, err)
	}
	if got := w.level(urge.ID); got == models.UrgeRed {
		t.Error("the day was turned while another process held it")
	}
	w.app.turnDay(t.Context())
	if got := w.level(urge.ID); got != models.UrgeRed {
		t.Errorf("once it is free the urge is %s", got)
	}
}
