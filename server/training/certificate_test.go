package training_test

import (
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestACertificateIsForWhatCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 18:00")
		exam := w.class("S1", "2017-05-04", tested("60"))
		a := w.attendee("张三丰", jinan, "2016-01-01", "2017-05-31")
		w.posted(a, qingdao, "2017-06-01", "")
		e := present(exam, a)
		id := func() uint64 { return w.known(exam.ID)[a].ID }
		office := w.coordinator(shandong)
		refusedWith := func(key string) {
			t.Helper()
			_, err := w.Certificate(t.Context(), office, id())
			w.wantCode(err, models.Conflict, key)
		}
		w.recorded(e)
		refusedWith("certificate.awaited")
		e.Score = "59.5"
		w.recorded(e)
		refusedWith("certificate.failed")
		e.Present, e.Score = false, ""
		w.recorded(e)
		refusedWith("certificate.absent")
		e.Present, e.Score = true, "80"
		w.recorded(e)
		first := id()
		issued, err := w.Certificate(t.Context(), office, first)
		w.must(err)
		if issued.Unit.Code != jinan || issued.MaskedName() != "张**" {
			t.Errorf("issued %+v", issued)
		}
		if _, err := w.Certificate(t.Context(), w.reporter(qingdao), first); !models.IsCode(err, models.NotFound) {
			t.Errorf("another unit: got %v", err)
		}
		_, err = w.Certificate(t.Context(), w.reporter(jinan), first)
		w.must(err)

		// A correction keeps the number; the link of before leads to what is known now.
		w.at("2017-06-05")
		e.Score = "90"
		w.recorded(e)
		now, err := w.Certificate(t.Context(), w.reporter(qingdao), first)
		w.must(err)
		if now.Number != issued.Number || now.Attendance.Score != "90" {
			t.Errorf("got %s with %s, want %s with 90", now.Number, now.Attendance.Score, issued.Number)
		}
		verify := func(number, check string) error {
			_, err := w.VerifyCertificate(t.Context(), number, check, "")
			return err
		}
		w.must(verify(" "+issued.Number+" ", issued.Check))
		for _, wrong := range [][2]string{{issued.Number, "0000000000"}, {issued.Number + "1", issued.Check}, {"1999" + issued.Number[4:], issued.Check}, {"", ""}, {"a-b-c", issued.Check}, {"2017-1", issued.Check}} {
			w.wantCode(verify(wrong[0], wrong[1]), models.NotFound, "certificate.unknown")
		}
		w.must(w.removed(office, id(), "误登"))
		_, err = w.Certificate(t.Context(), office, first)
		w.wantCode(err, models.Conflict, "certificate.removed")
		w.wantCode(verify(issued.Number, issued.Check), models.NotFound, "certificate.unknown")
	})
}
