package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func addUser(tx *gorm.DB, login string) error {
	return tx.Create(&models.User{Login: login, CreatedAt: instant}).Error
}

var instant = time.Date(2017, 5, 4, 1, 2, 3, 456e6, time.UTC)

func countUsers(t *testing.T, s *store.Store) (count int64) {
	t.Helper()
	if err := s.Read(t.Context()).Model(&models.User{}).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

func TestWriteRollsBack(t *testing.T) {
	cases := map[string]func(tx *gorm.DB) error{
		"an error": func(tx *gorm.DB) error {
			return errors.Join(addUser(tx, "a"), errors.New("refused"))
		},
		"a panic": func(tx *gorm.DB) error {
			if err := addUser(tx, "a"); err != nil {
				return err
			}
			panic("broken")
		},
		"a duplicate": func(tx *gorm.DB) error {
			return errors.Join(addUser(tx, "a"), addUser(tx, "a"))
		},
		"a missing row": func(tx *gorm.DB) error {
			return errors.Join(addUser(tx, "a"), tx.First(&models.Unit{}, 7).Error)
		},
		"a missing parent": func(tx *gorm.DB) error {
			return errors.Join(addUser(tx, "a"), tx.Create(&models.Grant{UserID: 1, UnitID: 99}).Error)
		},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for name, f := range cases {
			t.Run(name, func(t *testing.T) {
				err := func() (err error) {
					defer func() {
						if r := recover(); r != nil {
							err = fmt.Errorf("panic: %v", r)
						}
					}()
					return s.Write(t.Context(), f)
				}()
				if err == nil {
					t.Error("no error")
				}
				if n := countUsers(t, s); n != 0 {
					t.Errorf("%d users stayed", n)
				}
			})
		}
		if err := s.Write(t.Context(), func(tx *gorm.DB) error { return addUser(tx, "a") }); err != nil {
			t.Errorf("the store is of no use afterwards: %v", err)
		}
	})
}

func TestWriteTranslatesErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			return errors.Join(addUser(tx, "a"), addUser(tx, "a"))
		})
		if !models.IsCode(err, models.Conflict) {
			t.Errorf("duplicate: %v, want Conflict", err)
		}
		err = s.Write(t.Context(), func(tx *gorm.DB) error { return tx.First(&models.User{}, 7).Error })
		if !models.IsCode(err, models.NotFound) {
			t.Errorf("missing: %v, want NotFound", err)
		}
		stale := models.NewError(models.Stale, "test.stale")
		err = s.Write(t.Context(), func(*gorm.DB) error { return fmt.Errorf("decide: %w", stale) })
		if !models.IsCode(err, models.Stale) {
			t.Errorf("own error: %v, want it as it is", err)
		}
	})
}

func TestWriteEndsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Write(ctx, func(tx *gorm.DB) error {
			cancel()
			return addUser(tx, "a")
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
		if n := countUsers(t, s); n != 0 {
			t.Errorf("%d users stayed", n)
		}
	})
}

func TestWriteInsideAWriteIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			return s.Write(tx.Statement.Context, func(tx *gorm.DB) error { return addUser(tx, "a") })
		})
		if err == nil || countUsers(t, s) != 0 {
			t.Errorf("a nested write went through: %v", err)
		}
	})
}

func TestWriterInTheQueueGivesUpWithItsContext(t *testing.T) {
	s := storetest.SQLite(t)
	err := s.Write(t.Context(), func(*gorm.DB) error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		return s.Write(ctx, func(tx *gorm.DB) error { return addUser(tx, "a") })
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
}

// Two transactions take two rows in opposite order: one of them is the victim
// of the deadlock and must succeed when it runs again.
func TestWriteRunsAgainAfterADeadlock(t *testing.T) {
	s := storetest.MySQL(t)
	if err := s.Write(t.Context(), func(tx *gorm.DB) error {
		return errors.Join(addUser(tx, "a"), addUser(tx, "b"))
	}); err != nil {
		t.Fatal(err)
	}
	var bothHoldOne sync.WaitGroup
	bothHoldOne.Add(2)
	cross := func(first, second string) (runs int, err error) {
		err = s.Write(t.Context(), func(tx *gorm.DB) error {
			runs++
			if err := rename(tx, first); err != nil {
				return err
			}
			if runs == 1 {
				bothHoldOne.Done()
				bothHoldOne.Wait()
			}
			return rename(tx, second)
		})
		return runs, err
	}
	var others sync.WaitGroup
	var runsB int
	var errB error
	others.Go(func() { runsB, errB = cross("b", "a") })
	runsA, errA := cross("a", "b")
	others.Wait()
	if errA != nil || errB != nil {
		t.Fatalf("errors %v and %v", errA, errB)
	}
	if runsA+runsB < 3 {
		t.Errorf("%d and %d runs, want one to be repeated", runsA, runsB)
	}
}

func rename(tx *gorm.DB, login string) error {
	return tx.Model(&models.User{}).Where("login = ?", login).
		Update("name", gorm.Expr("concat(name, 'x')")).Error
}

func TestWritersDoNotLoseUpdates(t *testing.T) {
	const writers, rounds = 16, 10
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Create(&models.Tally{UnitID: 1, Year: 2017}).Error
		}); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				for range rounds {
					if err := s.Write(t.Context(), countOneMore); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		var tally models.Tally
		if err := s.Read(t.Context()).First(&tally).Error; err != nil || tally.Open != writers*rounds {
			t.Errorf("counted %d, error %v; want %d", tally.Open, err, writers*rounds)
		}
	})
}

// countOneMore reads, decides and writes, as a decision does.
func countOneMore(tx *gorm.DB) error {
	var tally models.Tally
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).First(&tally).Error; err != nil {
		return err
	}
	return tx.Model(&tally).Update("open", tally.Open+1).Error
}

// Another process, such as a command beside the server, has the file too.
func TestWriteWaitsForAnotherProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	server := storetest.Open(t, store.Config{Dir: dir})
	command := storetest.Open(t, store.Config{Dir: dir})
	if err := server.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	writing := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() {
		err := server.Write(t.Context(), func(tx *gorm.DB) error {
			close(writing)
			time.Sleep(100 * time.Millisecond)
			return addUser(tx, "a")
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-writing
	if err := command.Write(t.Context(), func(tx *gorm.DB) error { return addUser(tx, "b") }); err != nil {
		t.Error(err)
	}
	others.Wait()
	if n := countUsers(t, server); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}
