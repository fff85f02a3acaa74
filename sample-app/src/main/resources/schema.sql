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
