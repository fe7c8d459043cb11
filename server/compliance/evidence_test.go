package compliance_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// pdf is the least that passes for one.
const pdf = "%PDF-1.7\nminutes\n%%EOF\n"

// briefingWorld has two cities that owe a briefing, whose evidence is a file.
func briefingWorld(t *testing.T, s *store.Store) *world {
	return newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-05-10")
}

// attached puts a file into the reporter's draft.
func (w *world) attached(by compliance.Actor, duty models.Duty, name, content string) uint64 {
	w.Helper()
	file, err := w.Attach(w.Context(), by, duty.ID, name, strings.NewReader(content))
	w.must(err)
	return file.ID
}

func (w *world) briefing(on string) rules.Filing {
	return soundFiling(w.rules["sd2017.briefing"], day(on))
}

// hashes are those of the files in the vault.
func (w *world) hashes() []string {
	w.Helper()
	var hashes []string
	w.must(w.vault.Hashes(func(hash string, _ int64) error {
		hashes = append(hashes, hash)
		return nil
	}))
	return hashes
}

// wantRead demands that the actor reads the content of the file.
func (w *world) wantRead(by compliance.Actor, id uint64, want string) {
	w.Helper()
	_, file, err := w.Evidence(w.Context(), by, id)
	w.must(err)
	defer file.Close()
	content, err := io.ReadAll(file)
	w.must(err)
	if string(content) != want {
		w.Errorf("file %d has %q, want %q", id, content, want)
	}
}

func (w *world) wantHidden(by compliance.Actor, id uint64) {
	w.Helper()
	_, file, err := w.Evidence(w.Context(), by, id)
	wantError(w.T, err, models.NotFound, "evidence.not_found")
	if file != nil {
		w.Error("and yet it is open")
	}
}

func TestWhatBreaksOffOrIsNoEvidenceLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		lost := io.MultiReader(strings.NewReader(pdf), iotest.ErrReader(io.ErrUnexpectedEOF))
		for name, content := range map[string]io.Reader{
			"纪要.pdf": lost, "网页.pdf": strings.NewReader("<html><script>alert(1)</script>"), "程序.exe": strings.NewReader("MZ"), "空.pdf": strings.NewReader(""),
		} {
			w.unchanged(t, func() {
				if _, err := w.Attach(t.Context(), reporter, duty.ID, name, content); !models.IsCode(err, models.Invalid) {
					t.Errorf("%s: %v, want it refused", name, err)
				}
			})
		}
		if hashes := w.hashes(); len(hashes) != 0 {
			t.Errorf("the vault keeps %v", hashes)
		}
	})
}

func TestNothingIsReadFromWhoMayNotFile(t *testing.T) {
	w := briefingWorld(t, storetest.SQLite(t))
	duty := w.duty(jinan, "sd2017.briefing")
	touched := errors.New("the content was read")
	for _, by := range []compliance.Actor{w.actor(models.Reporter, qingdao), w.actor(models.Viewer, jinan), {}} {
		if _, err := w.Attach(t.Context(), by, duty.ID, "纪要.pdf", iotest.ErrReader(touched)); err == nil || errors.Is(err, touched) {
			t.Errorf("%v, want a refusal before reading", err)
		}
	}
}

func TestWhoReadsAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		id := w.attached(reporter, duty, "纪要.pdf", pdf)
		office, viewer, other := w.actor(models.Supervisor, "370000"), w.actor(models.Viewer, jinan), w.actor(models.Reporter, qingdao)
		for _, by := range []compliance.Actor{office, viewer, other, {}} {
			w.wantHidden(by, id)
		}
		w.wantRead(reporter, id, pdf)
		w.wantRead(w.actor(models.Reporter, "370000"), id, pdf)
		_, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{id}})
		w.must(err)
		for _, by := range []compliance.Actor{other, {}} {
			w.wantHidden(by, id)
		}
		for _, by := range []compliance.Actor{office, viewer, reporter} {
			w.wantRead(by, id, pdf)
		}
		w.wantHidden(office, id+99)
	})
}

func TestAFileIsTakenOffOnlyByWhoseDraftItIsIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		id, filed := w.attached(reporter, duty, "纪要.pdf", pdf), w.attached(reporter, duty, "照片说明.pdf", pdf)
		_, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{filed}})
		w.must(err)
		w.unchanged(t, func() {
			for _, by := range []compliance.Actor{w.actor(models.Reporter, jinan), w.actor(models.Reporter, qingdao), w.actor(models.Supervisor, "370000")} {
				_, err := w.Detach(t.Context(), by, id)
				wantError(t, err, models.NotFound, "evidence.not_found")
			}
			_, err := w.Detach(t.Context(), reporter, filed)
			wantError(t, err, models.Conflict, "filing.evidence_filed")
		})
		gone, err := w.Detach(t.Context(), reporter, id)
		if err != nil || gone.Name != "纪要.pdf" {
			t.Fatalf("%v, %v", gone, err)
		}
		w.wantHidden(reporter, id)
		w.wantRead(reporter, filed, pdf)
	})
}

func TestOnlyOwnEvidenceOfTheDutyIsFiled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, colleague, duty := w.actor(models.Reporter, jinan), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		elsewhere := w.attached(reporter, w.duty(jinan, "sd2017.deputy"), "分工.pdf", pdf)
		theirs := w.attached(colleague, duty, "纪要.pdf", pdf)
		city := w.attached(w.actor(models.Reporter, qingdao), w.duty(qingdao, "sd2017.briefing"), "纪要.pdf", pdf)
		mine := w.attached(reporter, duty, "纪要.pdf", pdf)
		w.unchanged(t, func() {
			_, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{elsewhere, theirs, mine, city, 9999}})
			wantFields(t, err, map[string]string{"evidence[0]": "filing.evidence_unknown", "evidence[1]": "filing.evidence_unknown",
				"evidence[3]": "filing.evidence_unknown", "evidence[4]": "filing.evidence_unknown"})
		})
	})
}

func TestTwentyFilesAreEnough(t *testing.T) {
	w := briefingWorld(t, storetest.SQLite(t))
	reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
	for i := range compliance.MaxEvidence {
		w.attached(reporter, duty, fmt.Sprintf("%d.pdf", i), pdf)
	}
	w.unchanged(t, func() {
		_, err := w.Attach(t.Context(), reporter, duty.ID, "20.pdf", strings.NewReader(pdf))
		wantFields(t, err, map[string]string{"file": "filing.evidence_many"})
		_, err = w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: make([]uint64, compliance.MaxEvidence+1)})
		wantFields(t, err, map[string]string{"evidence": "filing.evidence_many"})
	})
	if hashes := w.hashes(); len(hashes) != 1 {
		t.Errorf("the same content is kept %d times", len(hashes))
	}
}

// files are the names of the files of a report.
func (w *world) files(duty models.Duty, report uint64) []string {
	w.Helper()
	detail, err := w.Duty(w.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), duty.ID, w.Today())
	w.must(err)
	for _, r := range detail.Reports {
		if r.ID == report {
			names := []string{}
			for _, file := range r.Files {
				names = append(names, file.Name)
			}
			return slices.Sorted(slices.Values(names))
		}
	}
	w.Fatalf("no report %d", report)
	return nil
}

func TestEvidenceOfAReturnedReportIsFiledAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		minutes, photo := w.attached(reporter, duty, "纪要.pdf", pdf), w.attached(reporter, duty, "照片.pdf", pdf+"2")
		first, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{minutes, photo}})
		w.must(err)
		w.returned(first.Report)
		// A colleague may go on where the first report was returned.
		colleague := w.actor(models.Reporter, jinan)
		added := w.attached(colleague, duty, "签到表.pdf", pdf+"3")
		second, err := w.File(t.Context(), colleague, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{minutes, added, minutes}})
		w.must(err)
		if diff := cmp.Diff([]string{"照片.pdf", "纪要.pdf"}, w.files(duty, first.ID)); diff != "" {
			t.Errorf("the returned report has other files now:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"签到表.pdf", "纪要.pdf"}, w.files(duty, second.ID)); diff != "" {
			t.Errorf("the second report:\n%s", diff)
		}
		w.verified(second.Report)
		w.wantState(duty.ID, rules.Met)
	})
}

func TestTheSameRequestWithEvidenceFilesOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		a, b := w.attached(reporter, duty, "纪要.pdf", pdf), w.attached(reporter, duty, "照片.pdf", pdf+"2")
		sub := compliance.Submission{Filing: w.briefing("2017-05-08"), Evidence: []uint64{a, b}, Key: "k"}
		got := together(func(int) error {
			_, err := w.File(t.Context(), reporter, duty.ID, sub)
			return err
		})
		if got[""] != crowd {
			t.Errorf("%v, want every click answered", got)
		}
		if n := len(w.content("reports")["reports"]); n != 1 {
			t.Errorf("%d reports after as many clicks, want 1", n)
		}
		w.unchanged(t, func() {
			for _, evidence := range [][]uint64{{a}, nil} {
				sub.Evidence = evidence
				_, err := w.File(t.Context(), reporter, duty.ID, sub)
				wantError(t, err, models.Conflict, "report.key_used")
			}
		})
	})
}

func TestWarningsBeforeSubmission(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty, deputy := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing"), w.duty(jinan, "sd2017.deputy")
		other := w.duty(qingdao, "sd2017.briefing")
		file := w.attached(w.actor(models.Reporter, qingdao), other, "纪要.pdf", pdf)
		w.filed(jinan, deputy, soundFiling(w.rules["sd2017.deputy"], day("2017-03-01")))
		review := func(by compliance.Actor, s compliance.Submission) map[string]string {
			fields, err := w.Review(t.Context(), by, duty.ID, s)
			w.must(err)
			keys := map[string]string{}
			for _, field := range fields {
				keys[field.Name] = field.Key
			}
			return keys
		}
		filing := w.briefing("2017-05-08")
		w.unchanged(t, func() {
			if diff := cmp.Diff(map[string]string{"evidence": "filing.warn.no_file", "url": "filing.warn.link_used"}, review(reporter, compliance.Submission{Filing: filing})); diff != "" {
				t.Error(diff)
			}
			// What File refuses, Review refuses in the same words.
			_, err := w.Review(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-11")})
			wantFields(t, err, map[string]string{"on": "filing.future"})
			_, err = w.Review(t.Context(), w.actor(models.Reporter, qingdao), duty.ID, compliance.Submission{Filing: filing})
			wantError(t, err, models.NotFound, "duty.unknown")
		})
		filing.URL = page + "/2"
		_, err := w.File(t.Context(), w.actor(models.Reporter, "370000"), other.ID, compliance.Submission{Filing: filing, Evidence: []uint64{}})
		w.must(err)
		province := w.actor(models.Reporter, "370000")
		w.returned(w.reportOf(other))
		again := compliance.Submission{Filing: filing, Evidence: []uint64{file}}
		_, err = w.File(t.Context(), w.userOf(file), other.ID, again)
		w.must(err)
		// Who may not read the other city's report does not learn of it.
		mine, its := w.attached(reporter, duty, "会议.pdf", pdf), w.attached(province, duty, "会议.pdf", pdf)
		if keys := review(reporter, compliance.Submission{Filing: filing, Evidence: []uint64{mine}}); len(keys) != 0 {
			t.Errorf("warned of %v", keys)
		}
		if diff := cmp.Diff(map[string]string{"evidence[0]": "filing.warn.file_used"}, review(province, compliance.Submission{Filing: filing, Evidence: []uint64{its}})); diff != "" {
			t.Error(diff)
		}
		receipt, err := w.File(t.Context(), province, duty.ID, compliance.Submission{Filing: filing, Evidence: []uint64{its}})
		w.must(err)
		if len(receipt.Warnings) != 1 || receipt.Warnings[0].Args["Unit"] != w.unit(qingdao).Name {
			t.Errorf("warnings %v, want one that names %s", receipt.Warnings, w.unit(qingdao).Name)
		}
	})
}

// reportOf is the newest report for the duty.
func (w *world) reportOf(duty models.Duty) *models.Report {
	w.Helper()
	var report models.Report
	w.must(w.store.Read(w.Context()).Where("duty_id = ?", duty.ID).Order("id DESC").Take(&report).Error)
	return &report
}

// userOf is who attached the file, a reporter of 青岛.
func (w *world) userOf(file uint64) compliance.Actor {
	w.Helper()
	var row models.Attachment
	w.must(w.store.Read(w.Context()).Where("id = ?", file).Take(&row).Error)
	by := w.actor(models.Reporter, qingdao)
	by.ID = row.AddedBy
	return by
}
