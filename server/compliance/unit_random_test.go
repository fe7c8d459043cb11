package compliance_test

import (
	"fmt"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
)

// reorganize opens, closes, moves, merges or renames units, on a day shortly
// before. The district of the two levels stays what it is.
func (w *randomWorker) reorganize() error {
	on := w.Today() - calendar.Date(w.r.IntN(15))
	lower := w.unitsThat(func(u models.Unit) bool { return u.ParentID != nil && u.Kind != models.City && u.Code != lixia })
	cities := w.unitsThat(func(u models.Unit) bool { return u.Kind == models.City })
	var deed compliance.UnitDeed
	switch unit := pick(w.r, lower); w.r.IntN(12) {
	case 0, 1, 2:
		deed = compliance.OpenUnit{Unit: organization.NewUnit{Code: fmt.Sprintf("37%04d", 1000+len(w.units)), Name: "新区", Kind: models.County,
			Parent: pick(w.r, cities), OpenedOn: on}}
	case 3, 4:
		deed = compliance.CloseUnit{Code: unit, On: on + calendar.Date(w.r.IntN(40)), Reason: "撤销"}
	case 5:
		deed = compliance.ReopenUnit{Code: unit, Reason: "录入有误"}
	case 6, 7, 8:
		deed = compliance.MoveUnit{Code: unit, Parent: pick(w.r, append(cities, "370000")), On: on, Reason: "划转"}
	case 9, 10:
		deed = compliance.MergeUnits{Codes: []string{unit}, Into: pick(w.r, lower), On: on, Reason: "撤并"}
	default:
		deed = compliance.EditUnit{Code: unit, Name: fmt.Sprint("更名", w.r.IntN(9)), Kind: w.unit(unit).Kind, Position: w.r.IntN(4)}
	}
	w.doing = fmt.Sprintf("%T %+v on %s", deed, deed, w.Today())
	_, err := w.ChangeUnits(w.Context(), w.admin, deed, "")
	w.reread()
	return err
}

// unitsThat returns the codes of the units that fit, in order.
func (w *randomWorker) unitsThat(fit func(models.Unit) bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(w.units)), func(code string) bool { return !fit(w.units[code]) })
}
