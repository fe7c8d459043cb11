package main

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// addTasks gives each place a task of its own that it leads.
func addTasks(ctx context.Context, a *app) error {
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for i, code := range []string{"370100", "370200", "370000", "210100"} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			var policy models.Policy
			if err := tx.Where("code = ?", map[bool]string{true: "shandong-2017", false: "liaoning-2016"}[code != "210100"]).Take(&policy).Error; err != nil {
				return err
			}
			opened, due := calendar.MustParseDate("2017-06-01"), calendar.MustParseDate("2017-12-31")
			task := models.Task{PolicyID: policy.ID, UnitID: unit.ID, Code: fmt.Sprint("office.", i+1), Position: 2000 + i, Clause: "六(一)", TitleZH: "开展自查", TitleEN: "Self-check",
				DueOn: due, OpenedAt: a.now(), OpenedOn: opened, Version: 1}
			if err := tx.Create(&task).Error; err != nil {
				return err
			}
			share := models.TaskShare{TaskID: task.ID, UnitID: unit.ID, Role: models.TaskLead, Assigned: true, Status: models.TaskNotStarted, GivenOn: opened, MovedOn: opened, Version: 1}
			if err := tx.Create(&share).Error; err != nil {
				return err
			}
			step := models.TaskStep{ShareID: share.ID, Act: models.TaskGive, Role: share.Role, Status: share.Status, DueOn: due, MovedOn: opened, DoneAt: a.now(), DoneOn: opened}
			if err := tx.Create(&step).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// placeTask names the place's task and its part in it.
func (w *world) placeTask(p *place, unit models.Unit) {
	w.t.Helper()
	var share models.TaskShare
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Take(&share).Error; err != nil {
		w.t.Fatal(err)
	}
	p.task, p.share = share.TaskID, share.ID
}

func task(p place) string { return number(p.task) }
