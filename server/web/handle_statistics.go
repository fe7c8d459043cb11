package web

import (
	"sundial/server/training"
)

// statisticsYears is how many years back the page offers.
const statisticsYears = 10

// showStatistics shows the training of a year, this one when none is chosen.
func (s *Server) showStatistics(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "rotation", "read")
	if err != nil {
		return err
	}
	view, _, err := s.view(r, unit)
	if err != nil {
		return err
	}
	if r.Query("year") == "" {
		view.Year = view.AsOf.Year()
	}
	found := &training.Statistics{Unit: unit, Year: view.Year, AsOf: view.AsOf, Until: view.AsOf}
	if view.Year <= view.AsOf.Year() {
		if found, err = s.Desk.Statistics(r.Request.Context(), training.StatisticsQuery{Unit: unit, Year: view.Year, AsOf: view.AsOf}); err != nil {
			return err
		}
	}
	page := newStatisticsPage(s.page(r), view, s.trainingTabs(r, unit, "statistics"), found)
	var years []int
	first := view.Today.Year()
	for year := first; year > first-statisticsYears || year >= view.Year; year-- {
		years = append(years, year)
	}
	page.Filter = yearAsOf(page.Page, view, years)
	place := RotationView{View: View{AsOf: view.AsOf, Today: view.Today}}
	if err := s.placeRotation(r, &page.Page, place, unit, r.Locale.Text("training.tab.statistics", nil)); err != nil {
		return err
	}
	return s.show(r, "statistics", page)
}
