/** The drawings in resources/icons by their names: a module that the server makes (chatdesk/server/http/static_files.py). */
declare const drawings: Record<string, string>;
export default drawings;
