package web

import (
	"fmt"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/training"
)

func sessionURL(id uint64, steps ...string) string {
	path := fmt.Sprintf("/sessions/%d", id)
	for _, step := range steps {
		path += "/" + step
	}
	return path
}

// sessionDays writes the days of a session.
func sessionDays(locale *frontend.Locale, s models.TrainingSession) string {
	if s.StartOn == s.EndOn {
		return locale.Date(s.StartOn)
	}
	return locale.Text("session.days", models.Args("From", s.StartOn, "To", s.EndOn))
}

// sessionTimes writes the times of a session's days; empty for any time.
func sessionTimes(s models.TrainingSession) string {
	if s.EndMinute == 0 {
		return ""
	}
	return training.Clock(s.StartMinute) + "–" + training.Clock(s.EndMinute)
}
