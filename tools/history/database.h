/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The database of the history: opened, checked and created; statements; transactions.
 * Copyright (C) the l2packet_counter authors
 *
 * SQLite does the rest: several processes read and write at once (write-ahead log), and a
 * transaction is in the file completely or not at all, whatever ends the process.
 *
 * The first error is kept, and functions do nothing from then on. So only the end of a
 * transaction has to be checked.
 */
#ifndef L2PC_TOOL_DATABASE_H
#define L2PC_TOOL_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define HISTORY_FILE	"/var/lib/l2pc/history.db"

/* Statements that one process uses. */
#define STATEMENTS_MAX	64

struct history {
	sqlite3 *db;
	const char *name;		/* of the file */
	char error[256];		/* what went wrong first; empty: nothing */
	bool created;			/* by this process */
	struct statement {
		const char *sql;	/* a constant, known by its address */
		sqlite3_stmt *stmt;
	} statement[STATEMENTS_MAX];
};

/**
 * history_open() - open a database for writing, and create it where it is missing
 * @name: stays with the caller
 *
 * Return: false after an error message; history_close() is needed in any case
 */
bool history_open(struct history *history, const char *name);

/** history_open_reader() - the same for reading; a file that is missing is an error */
bool history_open_reader(struct history *history, const char *name);

/** history_close() - close it; a transaction that was not committed has not happened */
void history_close(struct history *history);

/** history_begin() - start a transaction, after those of other processes. Return: false on error */
bool history_begin(struct history *history);

/** history_begin_reader() - start to read: all is as of one instant. Return: false on error */
bool history_begin_reader(struct history *history);

/** history_commit() - end a transaction. Return: false after an error message */
bool history_commit(struct history *history);

/** history_rollback() - end a transaction as if it had not been there */
void history_rollback(struct history *history);

/** history_ok() - has all gone well so far? */
static inline bool history_ok(const struct history *history)
{
	return !history->error[0];
}

/** history_fail() - keep the error of SQLite, unless there is one */
void history_fail(struct history *history);

/** history_print_error() - print the error that was kept. Return: false */
bool history_print_error(const struct history *history);

/**
 * sql() - a statement, reset, with its first parameters bound to numbers
 * @text: a constant
 * @count: of the numbers, int64_t, that follow
 *
 * Return: NULL after an error
 */
sqlite3_stmt *sql(struct history *history, const char *text, int count, ...);

/** sql_text() - bind a text to parameter @number; NULL is bound to NULL */
void sql_text(sqlite3_stmt *stmt, int number, const char *text);

/** sql_row() - fetch the next row. Return: false at the end, or after an error */
bool sql_row(struct history *history, sqlite3_stmt *stmt);

/** sql_run() - execute a statement that has no rows */
void sql_run(struct history *history, sqlite3_stmt *stmt);

/** sql_number() - execute a statement with one row. Return: its number; 0 without a row */
int64_t sql_number(struct history *history, sqlite3_stmt *stmt);

/** sql_u64() - a column as a counter */
static inline uint64_t sql_u64(sqlite3_stmt *stmt, int column)
{
	return (uint64_t)sqlite3_column_int64(stmt, column);
}

/** setting_get() - a setting in the database, or what it is by default */
int64_t setting_get(struct history *history, const char *name, int64_t by_default);

/** setting_put() - store a setting */
void setting_put(struct history *history, const char *name, int64_t value);

/* Settings. */
#define SETTING_STATIONS	"stations"	/* rows of a port and period */
#define SETTING_SIZE		"size"		/* bytes of the file */
#define SETTING_IMPORTED	"imported"	/* the file of totals was read, or was not there */
#define SETTING_SAVED		"saved"		/* time of the last save, s since 1970 */
#define STATIONS_DEFAULT	10000
#define SIZE_DEFAULT		(INT64_C(1) << 30)

#endif /* L2PC_TOOL_DATABASE_H */
