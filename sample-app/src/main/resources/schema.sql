create table if not exists city (
	id bigint primary key,
	name varchar(200) not null,
	country char(2) not null,
	population bigint not null,
	latitude double precision not null,
	longitude double precision not null,
	folded_name varchar(250) not null
);

create table if not exists population_change (
	id bigint auto_increment primary key,
	city bigint not null,
	population bigint not null
);

-- ShedLock's table: which instance runs a job, and until when others have to leave it to it.
create table if not exists shedlock (
	name varchar(64) not null primary key,
	lock_until timestamp(3) not null,
	locked_at timestamp(3) default current_timestamp(3) not null,
	locked_by varchar(255) not null
);
