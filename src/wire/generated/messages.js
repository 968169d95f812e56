// Generated from proto/ by src/wire/generate.ts (npm run generate). Do not edit.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["waybill"] || ($protobuf.roots["waybill"] = {});

export const waybill = $root.waybill = (() => {

    const waybill = {};

    waybill.v1 = (function() {

        const v1 = {};

        v1.StateEncoding = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "STATE_ENCODING_UNSPECIFIED"] = 0;
            values[valuesById[1] = "STATE_ENCODING_ZSTD"] = 1;
            return values;
        })();

        v1.WorkflowCommand = (function() {

            const WorkflowCommand = function (properties) {
                this.outputs = [];
                this.emittedJson = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            WorkflowCommand.prototype.workflowId = "";
            WorkflowCommand.prototype.namespace = "";
            WorkflowCommand.prototype.name = "";
            WorkflowCommand.prototype.version = "";
            WorkflowCommand.prototype.workflowState = $util.newBuffer([]);
            WorkflowCommand.prototype.inputJson = null;
            WorkflowCommand.prototype.zoneId = null;
            WorkflowCommand.prototype.correlationId = null;
            WorkflowCommand.prototype.stateEncoding = 0;
            WorkflowCommand.prototype.cause = null;
            WorkflowCommand.prototype.activity = null;
            WorkflowCommand.prototype.notBefore = null;
            WorkflowCommand.prototype.event = null;
            WorkflowCommand.prototype.park = null;
            WorkflowCommand.prototype.caller = null;
            WorkflowCommand.prototype.end = null;
            WorkflowCommand.prototype.outputs = $util.emptyArray;
            WorkflowCommand.prototype.until = null;
            WorkflowCommand.prototype.emittedJson = $util.emptyArray;
            WorkflowCommand.prototype.happened = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_inputJson", {
                get: $util.oneOfGetter($oneOfFields = ["inputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_zoneId", {
                get: $util.oneOfGetter($oneOfFields = ["zoneId"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_correlationId", {
                get: $util.oneOfGetter($oneOfFields = ["correlationId"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_notBefore", {
                get: $util.oneOfGetter($oneOfFields = ["notBefore"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_until", {
                get: $util.oneOfGetter($oneOfFields = ["until"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(WorkflowCommand.prototype, "_happened", {
                get: $util.oneOfGetter($oneOfFields = ["happened"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            WorkflowCommand.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.workflowId != null && message.workflowId !== "")
                    writer.uint32(10).string(message.workflowId);
                if (message.namespace != null && message.namespace !== "")
                    writer.uint32(18).string(message.namespace);
                if (message.name != null && message.name !== "")
                    writer.uint32(26).string(message.name);
                if (message.version != null && message.version !== "")
                    writer.uint32(34).string(message.version);
                if (message.workflowState != null && message.workflowState.length)
                    writer.uint32(42).bytes(message.workflowState);
                if (message.inputJson != null)
                    writer.uint32(50).string(message.inputJson);
                if (message.zoneId != null)
                    writer.uint32(58).string(message.zoneId);
                if (message.correlationId != null)
                    writer.uint32(66).string(message.correlationId);
                if (message.stateEncoding != null && message.stateEncoding !== 0)
                    writer.uint32(72).int32(message.stateEncoding);
                if (message.cause != null)
                    $root.waybill.v1.Cause.encode(message.cause, writer.uint32(82).fork(), _depth + 1).ldelim();
                if (message.activity != null)
                    $root.waybill.v1.Activity.encode(message.activity, writer.uint32(90).fork(), _depth + 1).ldelim();
                if (message.notBefore != null)
                    writer.uint32(96).int64(message.notBefore);
                if (message.event != null)
                    $root.waybill.v1.WorkflowEvent.encode(message.event, writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.park != null)
                    $root.waybill.v1.Park.encode(message.park, writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.caller != null)
                    $root.waybill.v1.Caller.encode(message.caller, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.end != null)
                    $root.waybill.v1.End.encode(message.end, writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.outputs != null && message.outputs.length)
                    for (let i = 0; i < message.outputs.length; ++i)
                        $root.waybill.v1.Output.encode(message.outputs[i], writer.uint32(138).fork(), _depth + 1).ldelim();
                if (message.emittedJson != null && message.emittedJson.length)
                    for (let i = 0; i < message.emittedJson.length; ++i)
                        writer.uint32(322).string(message.emittedJson[i]);
                if (message.happened != null)
                    $root.waybill.v1.Happened.encode(message.happened, writer.uint32(330).fork(), _depth + 1).ldelim();
                if (message.until != null)
                    writer.uint32(560).int64(message.until);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            WorkflowCommand.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.WorkflowCommand();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.workflowId = value;
                            else
                                delete message.workflowId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.workflowState = value;
                            else
                                delete message.workflowState;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.inputJson = reader.stringVerify();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.zoneId = reader.stringVerify();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.correlationId = reader.stringVerify();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.stateEncoding = value;
                            else
                                delete message.stateEncoding;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.cause = $root.waybill.v1.Cause.decode(reader, reader.size(), $undefined, _depth + 1, message.cause);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.activity = $root.waybill.v1.Activity.decode(reader, reader.size(), $undefined, _depth + 1, message.activity);
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            message.notBefore = reader.int64();
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.event = $root.waybill.v1.WorkflowEvent.decode(reader, reader.size(), $undefined, _depth + 1, message.event);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.park = $root.waybill.v1.Park.decode(reader, reader.size(), $undefined, _depth + 1, message.park);
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.caller = $root.waybill.v1.Caller.decode(reader, reader.size(), $undefined, _depth + 1, message.caller);
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.end = $root.waybill.v1.End.decode(reader, reader.size(), $undefined, _depth + 1, message.end);
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if (!(message.outputs && message.outputs.length))
                                message.outputs = [];
                            message.outputs.push($root.waybill.v1.Output.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 70: {
                            if (wireType !== 0)
                                break;
                            message.until = reader.int64();
                            continue;
                        }
                    case 40: {
                            if (wireType !== 2)
                                break;
                            if (!(message.emittedJson && message.emittedJson.length))
                                message.emittedJson = [];
                            message.emittedJson.push(reader.stringVerify());
                            continue;
                        }
                    case 41: {
                            if (wireType !== 2)
                                break;
                            message.happened = $root.waybill.v1.Happened.decode(reader, reader.size(), $undefined, _depth + 1, message.happened);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WorkflowCommand;
        })();

        v1.Happened = (function() {

            const Happened = function (properties) {
                this.texts = [];
                this.items = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Happened.prototype.texts = $util.emptyArray;
            Happened.prototype.items = $util.emptyArray;
            Happened.prototype.at = 0;

            Happened.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.texts != null && message.texts.length)
                    for (let i = 0; i < message.texts.length; ++i)
                        writer.uint32(10).string(message.texts[i]);
                if (message.items != null && message.items.length)
                    writer.uint32(18).uint32s(message.items);
                if (message.at != null && (typeof message.at === "object" ? message.at.low || message.at.high : message.at !== 0))
                    writer.uint32(24).int64(message.at);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Happened.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Happened();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.texts && message.texts.length))
                                message.texts = [];
                            message.texts.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.items && message.items.length))
                                    message.items = [];
                                reader.uint32s(message.items);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.items && message.items.length))
                                message.items = [];
                            message.items.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.at = value;
                            else
                                delete message.at;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Happened;
        })();

        v1.Cause = (function() {

            const Cause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Cause.prototype.start = null;
            Cause.prototype.activity = null;
            Cause.prototype.timer = null;
            Cause.prototype.joined = null;
            Cause.prototype["continue"] = null;
            Cause.prototype.control = null;
            Cause.prototype.events = null;
            Cause.prototype.branch = null;

            let $oneOfFields;

            $Object.defineProperty(Cause.prototype, "cause", {
                get: $util.oneOfGetter($oneOfFields = ["start", "activity", "timer", "joined", "continue", "control", "events", "branch"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Cause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.start != null)
                    $root.waybill.v1.StartCause.encode(message.start, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.activity != null)
                    $root.waybill.v1.ActivityCause.encode(message.activity, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.timer != null)
                    $root.waybill.v1.TimerCause.encode(message.timer, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.joined != null)
                    $root.waybill.v1.JoinedCause.encode(message.joined, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message["continue"] != null)
                    $root.waybill.v1.ContinueCause.encode(message["continue"], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.control != null)
                    $root.waybill.v1.ControlCause.encode(message.control, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.events != null)
                    $root.waybill.v1.EventsCause.encode(message.events, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.branch != null)
                    $root.waybill.v1.BranchCause.encode(message.branch, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Cause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Cause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.start = $root.waybill.v1.StartCause.decode(reader, reader.size(), $undefined, _depth + 1, message.start);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.activity = $root.waybill.v1.ActivityCause.decode(reader, reader.size(), $undefined, _depth + 1, message.activity);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.timer = $root.waybill.v1.TimerCause.decode(reader, reader.size(), $undefined, _depth + 1, message.timer);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.joined = $root.waybill.v1.JoinedCause.decode(reader, reader.size(), $undefined, _depth + 1, message.joined);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message["continue"] = $root.waybill.v1.ContinueCause.decode(reader, reader.size(), $undefined, _depth + 1, message["continue"]);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.control = $root.waybill.v1.ControlCause.decode(reader, reader.size(), $undefined, _depth + 1, message.control);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.events = $root.waybill.v1.EventsCause.decode(reader, reader.size(), $undefined, _depth + 1, message.events);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.branch = $root.waybill.v1.BranchCause.decode(reader, reader.size(), $undefined, _depth + 1, message.branch);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Cause;
        })();

        v1.StartCause = (function() {

            const StartCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            StartCause.prototype.inputJson = null;
            StartCause.prototype.by = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(StartCause.prototype, "_inputJson", {
                get: $util.oneOfGetter($oneOfFields = ["inputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            StartCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.inputJson != null)
                    writer.uint32(10).string(message.inputJson);
                if (message.by != null)
                    $root.waybill.v1.Starter.encode(message.by, writer.uint32(402).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            StartCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.StartCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.inputJson = reader.stringVerify();
                            continue;
                        }
                    case 50: {
                            if (wireType !== 2)
                                break;
                            message.by = $root.waybill.v1.Starter.decode(reader, reader.size(), $undefined, _depth + 1, message.by);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StartCause;
        })();

        v1.Starter = (function() {

            const Starter = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Starter.prototype.run = "";
            Starter.prototype.strand = "";
            Starter.prototype.activation = 0;

            Starter.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.run != null && message.run !== "")
                    writer.uint32(10).string(message.run);
                if (message.strand != null && message.strand !== "")
                    writer.uint32(18).string(message.strand);
                if (message.activation != null && message.activation !== 0)
                    writer.uint32(24).uint32(message.activation);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Starter.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Starter();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.run = value;
                            else
                                delete message.run;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.strand = value;
                            else
                                delete message.strand;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Starter;
        })();

        v1.ActivityCause = (function() {

            const ActivityCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivityCause.prototype.key = "";
            ActivityCause.prototype.attempt = 0;
            ActivityCause.prototype.resultJson = null;
            ActivityCause.prototype.error = null;
            ActivityCause.prototype.errorJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ActivityCause.prototype, "_resultJson", {
                get: $util.oneOfGetter($oneOfFields = ["resultJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ActivityCause.prototype, "_error", {
                get: $util.oneOfGetter($oneOfFields = ["error"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ActivityCause.prototype, "_errorJson", {
                get: $util.oneOfGetter($oneOfFields = ["errorJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ActivityCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && message.key !== "")
                    writer.uint32(10).string(message.key);
                if (message.attempt != null && message.attempt !== 0)
                    writer.uint32(16).uint32(message.attempt);
                if (message.resultJson != null)
                    writer.uint32(26).string(message.resultJson);
                if (message.error != null)
                    $root.waybill.v1.ErrorDetail.encode(message.error, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.errorJson != null)
                    writer.uint32(42).string(message.errorJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivityCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ActivityCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempt = value;
                            else
                                delete message.attempt;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.resultJson = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.error = $root.waybill.v1.ErrorDetail.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.errorJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivityCause;
        })();

        v1.TimerCause = (function() {

            const TimerCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TimerCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TimerCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TimerCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TimerCause;
        })();

        v1.JoinedCause = (function() {

            const JoinedCause = function (properties) {
                this.ends = [];
                this.order = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            JoinedCause.prototype.ends = $util.emptyArray;
            JoinedCause.prototype.order = $util.emptyArray;
            JoinedCause.prototype.last = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(JoinedCause.prototype, "_last", {
                get: $util.oneOfGetter($oneOfFields = ["last"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            JoinedCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.ends != null && message.ends.length)
                    for (let i = 0; i < message.ends.length; ++i)
                        $root.waybill.v1.BranchEnd.encode(message.ends[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.order != null && message.order.length)
                    writer.uint32(562).uint32s(message.order);
                if (message.last != null)
                    $root.waybill.v1.LastStrand.encode(message.last, writer.uint32(570).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            JoinedCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.JoinedCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.ends && message.ends.length))
                                message.ends = [];
                            message.ends.push($root.waybill.v1.BranchEnd.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 70: {
                            if (wireType === 2) {
                                if (!(message.order && message.order.length))
                                    message.order = [];
                                reader.uint32s(message.order);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.order && message.order.length))
                                message.order = [];
                            message.order.push(reader.uint32());
                            continue;
                        }
                    case 71: {
                            if (wireType !== 2)
                                break;
                            message.last = $root.waybill.v1.LastStrand.decode(reader, reader.size(), $undefined, _depth + 1, message.last);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return JoinedCause;
        })();

        v1.LastStrand = (function() {

            const LastStrand = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            LastStrand.prototype.strand = "";
            LastStrand.prototype.cause = null;

            LastStrand.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.strand != null && message.strand !== "")
                    writer.uint32(10).string(message.strand);
                if (message.cause != null)
                    $root.waybill.v1.Cause.encode(message.cause, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            LastStrand.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.LastStrand();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.strand = value;
                            else
                                delete message.strand;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.cause = $root.waybill.v1.Cause.decode(reader, reader.size(), $undefined, _depth + 1, message.cause);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LastStrand;
        })();

        v1.BranchEnd = (function() {

            const BranchEnd = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            BranchEnd.prototype.branch = 0;
            BranchEnd.prototype.end = null;

            BranchEnd.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.branch != null && message.branch !== 0)
                    writer.uint32(8).uint32(message.branch);
                if (message.end != null)
                    $root.waybill.v1.End.encode(message.end, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            BranchEnd.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.BranchEnd();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.branch = value;
                            else
                                delete message.branch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.end = $root.waybill.v1.End.decode(reader, reader.size(), $undefined, _depth + 1, message.end);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BranchEnd;
        })();

        v1.ContinueCause = (function() {

            const ContinueCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ContinueCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ContinueCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ContinueCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ContinueCause;
        })();

        v1.BranchCause = (function() {

            const BranchCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            BranchCause.prototype.branch = 0;

            BranchCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.branch != null && message.branch !== 0)
                    writer.uint32(8).uint32(message.branch);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            BranchCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.BranchCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.branch = value;
                            else
                                delete message.branch;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BranchCause;
        })();

        v1.ControlCause = (function() {

            const ControlCause = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ControlCause.prototype.verb = "";
            ControlCause.prototype.argumentsJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ControlCause.prototype, "_argumentsJson", {
                get: $util.oneOfGetter($oneOfFields = ["argumentsJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ControlCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.verb != null && message.verb !== "")
                    writer.uint32(10).string(message.verb);
                if (message.argumentsJson != null)
                    writer.uint32(18).string(message.argumentsJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ControlCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ControlCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.verb = value;
                            else
                                delete message.verb;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.argumentsJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ControlCause;
        })();

        v1.EventsCause = (function() {

            const EventsCause = function (properties) {
                this.eventsJson = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EventsCause.prototype.eventsJson = $util.emptyArray;

            EventsCause.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.eventsJson != null && message.eventsJson.length)
                    for (let i = 0; i < message.eventsJson.length; ++i)
                        writer.uint32(10).string(message.eventsJson[i]);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EventsCause.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.EventsCause();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.eventsJson && message.eventsJson.length))
                                message.eventsJson = [];
                            message.eventsJson.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EventsCause;
        })();

        v1.Activity = (function() {

            const Activity = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Activity.prototype.key = "";
            Activity.prototype.role = "";
            Activity.prototype.pointer = "";
            Activity.prototype.kind = "";
            Activity.prototype.name = "";
            Activity.prototype.argumentsJson = "";
            Activity.prototype.attempt = 0;
            Activity.prototype.timeout = 0;
            Activity.prototype.lateJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Activity.prototype, "_lateJson", {
                get: $util.oneOfGetter($oneOfFields = ["lateJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Activity.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && message.key !== "")
                    writer.uint32(10).string(message.key);
                if (message.role != null && message.role !== "")
                    writer.uint32(18).string(message.role);
                if (message.pointer != null && message.pointer !== "")
                    writer.uint32(26).string(message.pointer);
                if (message.kind != null && message.kind !== "")
                    writer.uint32(34).string(message.kind);
                if (message.name != null && message.name !== "")
                    writer.uint32(42).string(message.name);
                if (message.argumentsJson != null && message.argumentsJson !== "")
                    writer.uint32(50).string(message.argumentsJson);
                if (message.attempt != null && message.attempt !== 0)
                    writer.uint32(56).uint32(message.attempt);
                if (message.timeout != null && (typeof message.timeout === "object" ? message.timeout.low || message.timeout.high : message.timeout !== 0))
                    writer.uint32(64).int64(message.timeout);
                if (message.lateJson != null)
                    writer.uint32(642).string(message.lateJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Activity.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Activity();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pointer = value;
                            else
                                delete message.pointer;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.argumentsJson = value;
                            else
                                delete message.argumentsJson;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempt = value;
                            else
                                delete message.attempt;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.timeout = value;
                            else
                                delete message.timeout;
                            continue;
                        }
                    case 80: {
                            if (wireType !== 2)
                                break;
                            message.lateJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Activity;
        })();

        v1.Park = (function() {

            const Park = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Park.prototype.why = "";
            Park.prototype.due = null;
            Park.prototype.reason = null;
            Park.prototype.subscriptionJson = null;
            Park.prototype.was = null;
            Park.prototype.notBefore = null;
            Park.prototype.pending = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_due", {
                get: $util.oneOfGetter($oneOfFields = ["due"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_reason", {
                get: $util.oneOfGetter($oneOfFields = ["reason"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_subscriptionJson", {
                get: $util.oneOfGetter($oneOfFields = ["subscriptionJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_was", {
                get: $util.oneOfGetter($oneOfFields = ["was"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_notBefore", {
                get: $util.oneOfGetter($oneOfFields = ["notBefore"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Park.prototype, "_pending", {
                get: $util.oneOfGetter($oneOfFields = ["pending"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Park.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.why != null && message.why !== "")
                    writer.uint32(10).string(message.why);
                if (message.due != null)
                    writer.uint32(16).int64(message.due);
                if (message.reason != null)
                    writer.uint32(26).string(message.reason);
                if (message.subscriptionJson != null)
                    writer.uint32(34).string(message.subscriptionJson);
                if (message.was != null)
                    writer.uint32(562).string(message.was);
                if (message.notBefore != null)
                    writer.uint32(568).int64(message.notBefore);
                if (message.pending != null)
                    writer.uint32(576).bool(message.pending);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Park.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Park();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.why = value;
                            else
                                delete message.why;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.due = reader.int64();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.reason = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.subscriptionJson = reader.stringVerify();
                            continue;
                        }
                    case 70: {
                            if (wireType !== 2)
                                break;
                            message.was = reader.stringVerify();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 0)
                                break;
                            message.notBefore = reader.int64();
                            continue;
                        }
                    case 72: {
                            if (wireType !== 0)
                                break;
                            message.pending = reader.bool();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Park;
        })();

        v1.End = (function() {

            const End = function (properties) {
                this.compensations = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            End.prototype.outputJson = null;
            End.prototype.error = null;
            End.prototype.errorJson = null;
            End.prototype.compensations = $util.emptyArray;
            End.prototype.endsWorkflow = null;
            End.prototype.cancelled = null;
            End.prototype.emptyCompensations = false;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(End.prototype, "_outputJson", {
                get: $util.oneOfGetter($oneOfFields = ["outputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(End.prototype, "_error", {
                get: $util.oneOfGetter($oneOfFields = ["error"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(End.prototype, "_errorJson", {
                get: $util.oneOfGetter($oneOfFields = ["errorJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(End.prototype, "_endsWorkflow", {
                get: $util.oneOfGetter($oneOfFields = ["endsWorkflow"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(End.prototype, "_cancelled", {
                get: $util.oneOfGetter($oneOfFields = ["cancelled"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            End.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.outputJson != null)
                    writer.uint32(10).string(message.outputJson);
                if (message.error != null)
                    $root.waybill.v1.ErrorDetail.encode(message.error, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.errorJson != null)
                    writer.uint32(26).string(message.errorJson);
                if (message.compensations != null && message.compensations.length)
                    for (let i = 0; i < message.compensations.length; ++i)
                        $root.waybill.v1.Compensation.encode(message.compensations[i], writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.endsWorkflow != null)
                    writer.uint32(40).bool(message.endsWorkflow);
                if (message.cancelled != null)
                    writer.uint32(48).bool(message.cancelled);
                if (message.emptyCompensations != null && message.emptyCompensations !== false)
                    writer.uint32(56).bool(message.emptyCompensations);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            End.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.End();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.outputJson = reader.stringVerify();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.error = $root.waybill.v1.ErrorDetail.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.errorJson = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.compensations && message.compensations.length))
                                message.compensations = [];
                            message.compensations.push($root.waybill.v1.Compensation.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.endsWorkflow = reader.bool();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            message.cancelled = reader.bool();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.emptyCompensations = value;
                            else
                                delete message.emptyCompensations;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return End;
        })();

        v1.Output = (function() {

            const Output = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Output.prototype.id = "";
            Output.prototype.topic = "";
            Output.prototype.payload = $util.newBuffer([]);

            Output.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && message.id !== "")
                    writer.uint32(10).string(message.id);
                if (message.topic != null && message.topic !== "")
                    writer.uint32(18).string(message.topic);
                if (message.payload != null && message.payload.length)
                    writer.uint32(26).bytes(message.payload);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Output.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Output();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Output;
        })();

        v1.Mark = (function() {

            const Mark = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Mark.prototype.offset = 0;
            Mark.prototype.tenure = 0;
            Mark.prototype.nonce = 0;
            Mark.prototype.n = 0;
            Mark.prototype.computedAt = 0;

            Mark.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.offset != null && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                    writer.uint32(8).int64(message.offset);
                if (message.tenure != null && (typeof message.tenure === "object" ? message.tenure.low || message.tenure.high : message.tenure !== 0))
                    writer.uint32(16).int64(message.tenure);
                if (message.nonce != null && message.nonce !== 0)
                    writer.uint32(24).uint32(message.nonce);
                if (message.n != null && (typeof message.n === "object" ? message.n.low || message.n.high : message.n !== 0))
                    writer.uint32(32).int64(message.n);
                if (message.computedAt != null && (typeof message.computedAt === "object" ? message.computedAt.low || message.computedAt.high : message.computedAt !== 0))
                    writer.uint32(40).int64(message.computedAt);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Mark.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Mark();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.tenure = value;
                            else
                                delete message.tenure;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.nonce = value;
                            else
                                delete message.nonce;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.n = value;
                            else
                                delete message.n;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.computedAt = value;
                            else
                                delete message.computedAt;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Mark;
        })();

        v1.ClaimRecord = (function() {

            const ClaimRecord = function (properties) {
                this.takeovers = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ClaimRecord.prototype.mark = null;
            ClaimRecord.prototype.genesis = null;
            ClaimRecord.prototype.takeovers = $util.emptyArray;

            ClaimRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.mark != null)
                    $root.waybill.v1.Mark.encode(message.mark, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.genesis != null)
                    $root.waybill.v1.Genesis.encode(message.genesis, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.takeovers != null && message.takeovers.length)
                    for (let i = 0; i < message.takeovers.length; ++i)
                        $root.waybill.v1.Takeover.encode(message.takeovers[i], writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ClaimRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ClaimRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.mark = $root.waybill.v1.Mark.decode(reader, reader.size(), $undefined, _depth + 1, message.mark);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.genesis = $root.waybill.v1.Genesis.decode(reader, reader.size(), $undefined, _depth + 1, message.genesis);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.takeovers && message.takeovers.length))
                                message.takeovers = [];
                            message.takeovers.push($root.waybill.v1.Takeover.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClaimRecord;
        })();

        v1.Genesis = (function() {

            const Genesis = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Genesis.prototype.prefix = "";
            Genesis.prototype.partitions = 0;
            Genesis.prototype.format = 0;

            Genesis.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.prefix != null && message.prefix !== "")
                    writer.uint32(10).string(message.prefix);
                if (message.partitions != null && message.partitions !== 0)
                    writer.uint32(16).uint32(message.partitions);
                if (message.format != null && message.format !== 0)
                    writer.uint32(24).uint32(message.format);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Genesis.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Genesis();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.prefix = value;
                            else
                                delete message.prefix;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partitions = value;
                            else
                                delete message.partitions;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.format = value;
                            else
                                delete message.format;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Genesis;
        })();

        v1.Takeover = (function() {

            const Takeover = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Takeover.prototype.identity = 0;
            Takeover.prototype.count = 0;

            Takeover.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.identity != null && (typeof message.identity === "object" ? message.identity.low || message.identity.high : message.identity !== 0))
                    writer.uint32(8).int64(message.identity);
                if (message.count != null && message.count !== 0)
                    writer.uint32(16).uint32(message.count);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Takeover.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Takeover();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.identity = value;
                            else
                                delete message.identity;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Takeover;
        })();

        v1.MarkRecord = (function() {

            const MarkRecord = function (properties) {
                this.running = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            MarkRecord.prototype.mark = null;
            MarkRecord.prototype.running = $util.emptyArray;

            MarkRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.mark != null)
                    $root.waybill.v1.Mark.encode(message.mark, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.running != null && message.running.length)
                    writer.uint32(18).int64s(message.running);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            MarkRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.MarkRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.mark = $root.waybill.v1.Mark.decode(reader, reader.size(), $undefined, _depth + 1, message.mark);
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.running && message.running.length))
                                    message.running = [];
                                reader.int64s(message.running);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.running && message.running.length))
                                message.running = [];
                            message.running.push(reader.int64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MarkRecord;
        })();

        v1.ResumeRecord = (function() {

            const ResumeRecord = function (properties) {
                this.rows = [];
                this.events = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ResumeRecord.prototype.rows = $util.emptyArray;
            ResumeRecord.prototype.why = "";
            ResumeRecord.prototype.events = $util.emptyArray;

            ResumeRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rows != null && message.rows.length)
                    writer.uint32(10).int64s(message.rows);
                if (message.why != null && message.why !== "")
                    writer.uint32(18).string(message.why);
                if (message.events != null && message.events.length)
                    for (let i = 0; i < message.events.length; ++i)
                        $root.waybill.v1.EventPlace.encode(message.events[i], writer.uint32(322).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ResumeRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ResumeRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.int64s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.int64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.why = value;
                            else
                                delete message.why;
                            continue;
                        }
                    case 40: {
                            if (wireType !== 2)
                                break;
                            if (!(message.events && message.events.length))
                                message.events = [];
                            message.events.push($root.waybill.v1.EventPlace.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ResumeRecord;
        })();

        v1.EventPlace = (function() {

            const EventPlace = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EventPlace.prototype.partition = 0;
            EventPlace.prototype.offset = 0;

            EventPlace.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.partition != null && message.partition !== 0)
                    writer.uint32(8).uint32(message.partition);
                if (message.offset != null && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                    writer.uint32(16).int64(message.offset);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EventPlace.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.EventPlace();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partition = value;
                            else
                                delete message.partition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EventPlace;
        })();

        v1.CarryRecord = (function() {

            const CarryRecord = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CarryRecord.prototype.header = $util.newBuffer([]);
            CarryRecord.prototype.payload = $util.newBuffer([]);
            CarryRecord.prototype.takeovers = 0;

            CarryRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.header != null && message.header.length)
                    writer.uint32(10).bytes(message.header);
                if (message.payload != null && message.payload.length)
                    writer.uint32(18).bytes(message.payload);
                if (message.takeovers != null && message.takeovers !== 0)
                    writer.uint32(24).uint32(message.takeovers);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CarryRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.CarryRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.header = value;
                            else
                                delete message.header;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.takeovers = value;
                            else
                                delete message.takeovers;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CarryRecord;
        })();

        v1.ControlRecord = (function() {

            const ControlRecord = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ControlRecord.prototype.id = "";
            ControlRecord.prototype.verb = "";
            ControlRecord.prototype.argumentsJson = null;
            ControlRecord.prototype.hop = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ControlRecord.prototype, "_argumentsJson", {
                get: $util.oneOfGetter($oneOfFields = ["argumentsJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ControlRecord.prototype, "_hop", {
                get: $util.oneOfGetter($oneOfFields = ["hop"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ControlRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && message.id !== "")
                    writer.uint32(10).string(message.id);
                if (message.verb != null && message.verb !== "")
                    writer.uint32(18).string(message.verb);
                if (message.argumentsJson != null)
                    writer.uint32(26).string(message.argumentsJson);
                if (message.hop != null)
                    writer.uint32(32).uint32(message.hop);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ControlRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ControlRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.verb = value;
                            else
                                delete message.verb;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.argumentsJson = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.hop = reader.uint32();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ControlRecord;
        })();

        v1.AnswerRecord = (function() {

            const AnswerRecord = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AnswerRecord.prototype.controlId = "";
            AnswerRecord.prototype.outcome = "";
            AnswerRecord.prototype.reason = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(AnswerRecord.prototype, "_reason", {
                get: $util.oneOfGetter($oneOfFields = ["reason"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            AnswerRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.controlId != null && message.controlId !== "")
                    writer.uint32(10).string(message.controlId);
                if (message.outcome != null && message.outcome !== "")
                    writer.uint32(18).string(message.outcome);
                if (message.reason != null)
                    writer.uint32(26).string(message.reason);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AnswerRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.AnswerRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.controlId = value;
                            else
                                delete message.controlId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.outcome = value;
                            else
                                delete message.outcome;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.reason = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AnswerRecord;
        })();

        v1.OutputRecord = (function() {

            const OutputRecord = function (properties) {
                this.outputs = [];
                this.unsent = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            OutputRecord.prototype.outputs = $util.emptyArray;
            OutputRecord.prototype.unsent = $util.emptyArray;

            OutputRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.outputs != null && message.outputs.length)
                    for (let i = 0; i < message.outputs.length; ++i)
                        $root.waybill.v1.Output.encode(message.outputs[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.unsent != null && message.unsent.length)
                    for (let i = 0; i < message.unsent.length; ++i)
                        $root.waybill.v1.UnsentEvents.encode(message.unsent[i], writer.uint32(322).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            OutputRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.OutputRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.outputs && message.outputs.length))
                                message.outputs = [];
                            message.outputs.push($root.waybill.v1.Output.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 40: {
                            if (wireType !== 2)
                                break;
                            if (!(message.unsent && message.unsent.length))
                                message.unsent = [];
                            message.unsent.push($root.waybill.v1.UnsentEvents.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OutputRecord;
        })();

        v1.UnsentEvents = (function() {

            const UnsentEvents = function (properties) {
                this.eventsJson = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            UnsentEvents.prototype.runId = "";
            UnsentEvents.prototype.eventsJson = $util.emptyArray;
            UnsentEvents.prototype.origin = 0;

            UnsentEvents.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.runId != null && message.runId !== "")
                    writer.uint32(10).string(message.runId);
                if (message.eventsJson != null && message.eventsJson.length)
                    for (let i = 0; i < message.eventsJson.length; ++i)
                        writer.uint32(18).string(message.eventsJson[i]);
                if (message.origin != null && (typeof message.origin === "object" ? message.origin.low || message.origin.high : message.origin !== 0))
                    writer.uint32(24).int64(message.origin);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            UnsentEvents.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.UnsentEvents();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.runId = value;
                            else
                                delete message.runId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.eventsJson && message.eventsJson.length))
                                message.eventsJson = [];
                            message.eventsJson.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.origin = value;
                            else
                                delete message.origin;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UnsentEvents;
        })();

        v1.CloseRecord = (function() {

            const CloseRecord = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CloseRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CloseRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.CloseRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CloseRecord;
        })();

        v1.ScheduleRecord = (function() {

            const ScheduleRecord = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ScheduleRecord.prototype.namespace = "";
            ScheduleRecord.prototype.name = "";
            ScheduleRecord.prototype.version = "";
            ScheduleRecord.prototype.ruleJson = "";
            ScheduleRecord.prototype.due = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ScheduleRecord.prototype, "_due", {
                get: $util.oneOfGetter($oneOfFields = ["due"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ScheduleRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && message.namespace !== "")
                    writer.uint32(10).string(message.namespace);
                if (message.name != null && message.name !== "")
                    writer.uint32(18).string(message.name);
                if (message.version != null && message.version !== "")
                    writer.uint32(26).string(message.version);
                if (message.ruleJson != null && message.ruleJson !== "")
                    writer.uint32(34).string(message.ruleJson);
                if (message.due != null)
                    writer.uint32(40).int64(message.due);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ScheduleRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ScheduleRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ruleJson = value;
                            else
                                delete message.ruleJson;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.due = reader.int64();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ScheduleRecord;
        })();

        v1.FireRecord = (function() {

            const FireRecord = function (properties) {
                this.events = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            FireRecord.prototype.row = 0;
            FireRecord.prototype.tick = 0;
            FireRecord.prototype.due = null;
            FireRecord.prototype.events = $util.emptyArray;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(FireRecord.prototype, "_due", {
                get: $util.oneOfGetter($oneOfFields = ["due"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            FireRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.row != null && (typeof message.row === "object" ? message.row.low || message.row.high : message.row !== 0))
                    writer.uint32(8).int64(message.row);
                if (message.tick != null && (typeof message.tick === "object" ? message.tick.low || message.tick.high : message.tick !== 0))
                    writer.uint32(16).int64(message.tick);
                if (message.due != null)
                    writer.uint32(24).int64(message.due);
                if (message.events != null && message.events.length)
                    for (let i = 0; i < message.events.length; ++i)
                        $root.waybill.v1.EventPlace.encode(message.events[i], writer.uint32(330).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            FireRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.FireRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.row = value;
                            else
                                delete message.row;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.tick = value;
                            else
                                delete message.tick;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.due = reader.int64();
                            continue;
                        }
                    case 41: {
                            if (wireType !== 2)
                                break;
                            if (!(message.events && message.events.length))
                                message.events = [];
                            message.events.push($root.waybill.v1.EventPlace.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return FireRecord;
        })();

        v1.ErrorDetail = (function() {

            const ErrorDetail = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ErrorDetail.prototype.type = "";
            ErrorDetail.prototype.status = 0;
            ErrorDetail.prototype.title = "";
            ErrorDetail.prototype.detail = null;
            ErrorDetail.prototype.instance = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ErrorDetail.prototype, "_detail", {
                get: $util.oneOfGetter($oneOfFields = ["detail"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ErrorDetail.prototype, "_instance", {
                get: $util.oneOfGetter($oneOfFields = ["instance"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ErrorDetail.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.type != null && message.type !== "")
                    writer.uint32(10).string(message.type);
                if (message.status != null && message.status !== 0)
                    writer.uint32(16).int32(message.status);
                if (message.title != null && message.title !== "")
                    writer.uint32(26).string(message.title);
                if (message.detail != null)
                    writer.uint32(34).string(message.detail);
                if (message.instance != null)
                    writer.uint32(42).string(message.instance);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ErrorDetail.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ErrorDetail();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.title = value;
                            else
                                delete message.title;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.detail = reader.stringVerify();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.instance = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ErrorDetail;
        })();

        v1.WorkflowStatus = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "WORKFLOW_STATUS_UNSPECIFIED"] = 0;
            values[valuesById[1] = "WORKFLOW_STATUS_RUNNING"] = 1;
            values[valuesById[2] = "WORKFLOW_STATUS_WAITING"] = 2;
            values[valuesById[3] = "WORKFLOW_STATUS_COMPLETED"] = 3;
            values[valuesById[4] = "WORKFLOW_STATUS_FAULTED"] = 4;
            values[valuesById[5] = "WORKFLOW_STATUS_CANCELLED"] = 5;
            values[valuesById[6] = "WORKFLOW_STATUS_SUSPENDED"] = 6;
            return values;
        })();

        v1.NodePosition = (function() {

            const NodePosition = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            NodePosition.prototype.pointer = "";

            NodePosition.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.pointer != null && message.pointer !== "")
                    writer.uint32(10).string(message.pointer);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            NodePosition.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.NodePosition();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pointer = value;
                            else
                                delete message.pointer;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NodePosition;
        })();

        v1.WorkflowEvent = (function() {

            const WorkflowEvent = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            WorkflowEvent.prototype.workflowId = "";
            WorkflowEvent.prototype.eventType = "";
            WorkflowEvent.prototype.payload = $util.newBuffer([]);
            WorkflowEvent.prototype.sequence = 0;
            WorkflowEvent.prototype.createdAt = "";

            WorkflowEvent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.workflowId != null && message.workflowId !== "")
                    writer.uint32(10).string(message.workflowId);
                if (message.eventType != null && message.eventType !== "")
                    writer.uint32(18).string(message.eventType);
                if (message.payload != null && message.payload.length)
                    writer.uint32(26).bytes(message.payload);
                if (message.sequence != null && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(32).int64(message.sequence);
                if (message.createdAt != null && message.createdAt !== "")
                    writer.uint32(42).string(message.createdAt);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            WorkflowEvent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.WorkflowEvent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.workflowId = value;
                            else
                                delete message.workflowId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.eventType = value;
                            else
                                delete message.eventType;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.createdAt = value;
                            else
                                delete message.createdAt;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WorkflowEvent;
        })();

        v1.RetryPayload = (function() {

            const RetryPayload = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RetryPayload.prototype.position = "";
            RetryPayload.prototype.attempt = 0;
            RetryPayload.prototype.retryAt = 0;

            RetryPayload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.position != null && message.position !== "")
                    writer.uint32(10).string(message.position);
                if (message.attempt != null && message.attempt !== 0)
                    writer.uint32(16).uint32(message.attempt);
                if (message.retryAt != null && (typeof message.retryAt === "object" ? message.retryAt.low || message.retryAt.high : message.retryAt !== 0))
                    writer.uint32(24).int64(message.retryAt);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RetryPayload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.RetryPayload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.position = value;
                            else
                                delete message.position;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempt = value;
                            else
                                delete message.attempt;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.retryAt = value;
                            else
                                delete message.retryAt;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RetryPayload;
        })();

        v1.WaitPayload = (function() {

            const WaitPayload = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            WaitPayload.prototype.position = "";
            WaitPayload.prototype.until = 0;

            WaitPayload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.position != null && message.position !== "")
                    writer.uint32(10).string(message.position);
                if (message.until != null && (typeof message.until === "object" ? message.until.low || message.until.high : message.until !== 0))
                    writer.uint32(16).int64(message.until);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            WaitPayload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.WaitPayload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.position = value;
                            else
                                delete message.position;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.until = value;
                            else
                                delete message.until;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WaitPayload;
        })();

        v1.ForkPayload = (function() {

            const ForkPayload = function (properties) {
                this.branchIds = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ForkPayload.prototype.position = "";
            ForkPayload.prototype.branchIds = $util.emptyArray;
            ForkPayload.prototype.compete = false;

            ForkPayload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.position != null && message.position !== "")
                    writer.uint32(10).string(message.position);
                if (message.branchIds != null && message.branchIds.length)
                    for (let i = 0; i < message.branchIds.length; ++i)
                        writer.uint32(18).string(message.branchIds[i]);
                if (message.compete != null && message.compete !== false)
                    writer.uint32(24).bool(message.compete);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ForkPayload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ForkPayload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.position = value;
                            else
                                delete message.position;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.branchIds && message.branchIds.length))
                                message.branchIds = [];
                            message.branchIds.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.compete = value;
                            else
                                delete message.compete;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ForkPayload;
        })();

        v1.ListenPayload = (function() {

            const ListenPayload = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ListenPayload.prototype.position = "";
            ListenPayload.prototype.subscriptionJson = "";

            ListenPayload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.position != null && message.position !== "")
                    writer.uint32(10).string(message.position);
                if (message.subscriptionJson != null && message.subscriptionJson !== "")
                    writer.uint32(18).string(message.subscriptionJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ListenPayload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ListenPayload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.position = value;
                            else
                                delete message.position;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subscriptionJson = value;
                            else
                                delete message.subscriptionJson;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListenPayload;
        })();

        v1.SchedulePayload = (function() {

            const SchedulePayload = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SchedulePayload.prototype.scheduleJson = "";
            SchedulePayload.prototype.nextAt = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SchedulePayload.prototype, "_nextAt", {
                get: $util.oneOfGetter($oneOfFields = ["nextAt"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            SchedulePayload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.scheduleJson != null && message.scheduleJson !== "")
                    writer.uint32(10).string(message.scheduleJson);
                if (message.nextAt != null)
                    writer.uint32(16).int64(message.nextAt);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SchedulePayload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.SchedulePayload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.scheduleJson = value;
                            else
                                delete message.scheduleJson;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.nextAt = reader.int64();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SchedulePayload;
        })();

        v1.InstanceState = (function() {

            const InstanceState = function (properties) {
                this.states = {};
                this.variablesJson = {};
                this.compensations = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            InstanceState.prototype.states = $util.emptyObject;
            InstanceState.prototype.currentPosition = null;
            InstanceState.prototype.status = 0;
            InstanceState.prototype.outputJson = null;
            InstanceState.prototype.error = null;
            InstanceState.prototype.dataJson = null;
            InstanceState.prototype.contextJson = null;
            InstanceState.prototype.inputJson = null;
            InstanceState.prototype.startedAt = 0;
            InstanceState.prototype.activation = 0;
            InstanceState.prototype.pureHops = 0;
            InstanceState.prototype.variablesJson = $util.emptyObject;
            InstanceState.prototype.compensations = $util.emptyArray;
            InstanceState.prototype.caller = null;
            InstanceState.prototype.deadline = null;
            InstanceState.prototype.entering = false;
            InstanceState.prototype.emptyVariables = false;
            InstanceState.prototype.emptyCompensations = false;
            InstanceState.prototype.child = null;
            InstanceState.prototype.cancelling = null;
            InstanceState.prototype.suspended = null;
            InstanceState.prototype.undoes = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_outputJson", {
                get: $util.oneOfGetter($oneOfFields = ["outputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_error", {
                get: $util.oneOfGetter($oneOfFields = ["error"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_dataJson", {
                get: $util.oneOfGetter($oneOfFields = ["dataJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_contextJson", {
                get: $util.oneOfGetter($oneOfFields = ["contextJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_inputJson", {
                get: $util.oneOfGetter($oneOfFields = ["inputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_deadline", {
                get: $util.oneOfGetter($oneOfFields = ["deadline"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_cancelling", {
                get: $util.oneOfGetter($oneOfFields = ["cancelling"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_suspended", {
                get: $util.oneOfGetter($oneOfFields = ["suspended"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(InstanceState.prototype, "_undoes", {
                get: $util.oneOfGetter($oneOfFields = ["undoes"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            InstanceState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.states != null)
                    for (let keys = $Object.keys(message.states), i = 0; i < keys.length; ++i) {
                        writer.uint32(10).fork().uint32(10).string(keys[i]);
                        $root.waybill.v1.NodeState.encode(message.states[keys[i]], writer.uint32(18).fork(), _depth + 1).ldelim().ldelim();
                    }
                if (message.currentPosition != null)
                    $root.waybill.v1.NodePosition.encode(message.currentPosition, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.status != null && message.status !== 0)
                    writer.uint32(24).int32(message.status);
                if (message.outputJson != null)
                    writer.uint32(34).string(message.outputJson);
                if (message.error != null)
                    $root.waybill.v1.ErrorDetail.encode(message.error, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.dataJson != null)
                    writer.uint32(50).string(message.dataJson);
                if (message.contextJson != null)
                    writer.uint32(58).string(message.contextJson);
                if (message.inputJson != null)
                    writer.uint32(66).string(message.inputJson);
                if (message.startedAt != null && (typeof message.startedAt === "object" ? message.startedAt.low || message.startedAt.high : message.startedAt !== 0))
                    writer.uint32(72).int64(message.startedAt);
                if (message.activation != null && message.activation !== 0)
                    writer.uint32(80).uint32(message.activation);
                if (message.pureHops != null && message.pureHops !== 0)
                    writer.uint32(88).uint32(message.pureHops);
                if (message.variablesJson != null)
                    for (let keys = $Object.keys(message.variablesJson), i = 0; i < keys.length; ++i)
                        writer.uint32(98).fork().uint32(10).string(keys[i]).uint32(18).string(message.variablesJson[keys[i]]).ldelim();
                if (message.compensations != null && message.compensations.length)
                    for (let i = 0; i < message.compensations.length; ++i)
                        $root.waybill.v1.Compensation.encode(message.compensations[i], writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.caller != null)
                    $root.waybill.v1.Caller.encode(message.caller, writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.deadline != null)
                    writer.uint32(120).int64(message.deadline);
                if (message.entering != null && message.entering !== false)
                    writer.uint32(128).bool(message.entering);
                if (message.emptyVariables != null && message.emptyVariables !== false)
                    writer.uint32(136).bool(message.emptyVariables);
                if (message.emptyCompensations != null && message.emptyCompensations !== false)
                    writer.uint32(144).bool(message.emptyCompensations);
                if (message.child != null)
                    $root.waybill.v1.ChildWorkflow.encode(message.child, writer.uint32(402).fork(), _depth + 1).ldelim();
                if (message.cancelling != null)
                    writer.uint32(562).string(message.cancelling);
                if (message.suspended != null)
                    writer.uint32(568).bool(message.suspended);
                if (message.undoes != null)
                    writer.uint32(576).bool(message.undoes);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            InstanceState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.InstanceState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (message.states === $util.emptyObject)
                                message.states = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = null;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = $root.waybill.v1.NodeState.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.states, key);
                            message.states[key] = value || new $root.waybill.v1.NodeState();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.currentPosition = $root.waybill.v1.NodePosition.decode(reader, reader.size(), $undefined, _depth + 1, message.currentPosition);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.outputJson = reader.stringVerify();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.error = $root.waybill.v1.ErrorDetail.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.dataJson = reader.stringVerify();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.contextJson = reader.stringVerify();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.inputJson = reader.stringVerify();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.startedAt = value;
                            else
                                delete message.startedAt;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.pureHops = value;
                            else
                                delete message.pureHops;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if (message.variablesJson === $util.emptyObject)
                                message.variablesJson = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.variablesJson, key);
                            message.variablesJson[key] = value;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.compensations && message.compensations.length))
                                message.compensations = [];
                            message.compensations.push($root.waybill.v1.Compensation.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.caller = $root.waybill.v1.Caller.decode(reader, reader.size(), $undefined, _depth + 1, message.caller);
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            message.deadline = reader.int64();
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.entering = value;
                            else
                                delete message.entering;
                            continue;
                        }
                    case 17: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.emptyVariables = value;
                            else
                                delete message.emptyVariables;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.emptyCompensations = value;
                            else
                                delete message.emptyCompensations;
                            continue;
                        }
                    case 50: {
                            if (wireType !== 2)
                                break;
                            message.child = $root.waybill.v1.ChildWorkflow.decode(reader, reader.size(), $undefined, _depth + 1, message.child);
                            continue;
                        }
                    case 70: {
                            if (wireType !== 2)
                                break;
                            message.cancelling = reader.stringVerify();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 0)
                                break;
                            message.suspended = reader.bool();
                            continue;
                        }
                    case 72: {
                            if (wireType !== 0)
                                break;
                            message.undoes = reader.bool();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return InstanceState;
        })();

        v1.ChildWorkflow = (function() {

            const ChildWorkflow = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ChildWorkflow.prototype.strand = "";
            ChildWorkflow.prototype.depth = 0;

            ChildWorkflow.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.strand != null && message.strand !== "")
                    writer.uint32(10).string(message.strand);
                if (message.depth != null && message.depth !== 0)
                    writer.uint32(16).uint32(message.depth);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ChildWorkflow.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ChildWorkflow();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.strand = value;
                            else
                                delete message.strand;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.depth = value;
                            else
                                delete message.depth;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ChildWorkflow;
        })();

        v1.Caller = (function() {

            const Caller = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Caller.prototype.replyPartition = null;
            Caller.prototype.keep = null;
            Caller.prototype.onceKey = null;
            Caller.prototype.correlationId = null;
            Caller.prototype.schedule = null;
            Caller.prototype.againAfter = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_replyPartition", {
                get: $util.oneOfGetter($oneOfFields = ["replyPartition"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_keep", {
                get: $util.oneOfGetter($oneOfFields = ["keep"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_onceKey", {
                get: $util.oneOfGetter($oneOfFields = ["onceKey"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_correlationId", {
                get: $util.oneOfGetter($oneOfFields = ["correlationId"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_schedule", {
                get: $util.oneOfGetter($oneOfFields = ["schedule"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Caller.prototype, "_againAfter", {
                get: $util.oneOfGetter($oneOfFields = ["againAfter"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Caller.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.replyPartition != null)
                    writer.uint32(8).uint32(message.replyPartition);
                if (message.keep != null)
                    writer.uint32(16).bool(message.keep);
                if (message.onceKey != null)
                    writer.uint32(26).string(message.onceKey);
                if (message.correlationId != null)
                    writer.uint32(34).string(message.correlationId);
                if (message.schedule != null)
                    writer.uint32(560).int64(message.schedule);
                if (message.againAfter != null)
                    writer.uint32(568).int64(message.againAfter);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Caller.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Caller();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            message.replyPartition = reader.uint32();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.keep = reader.bool();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.onceKey = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.correlationId = reader.stringVerify();
                            continue;
                        }
                    case 70: {
                            if (wireType !== 0)
                                break;
                            message.schedule = reader.int64();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 0)
                                break;
                            message.againAfter = reader.int64();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Caller;
        })();

        v1.Compensation = (function() {

            const Compensation = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Compensation.prototype.pointer = "";
            Compensation.prototype.activation = 0;
            Compensation.prototype.inputJson = null;
            Compensation.prototype.outputJson = null;
            Compensation.prototype.certain = false;
            Compensation.prototype.strand = "";
            Compensation.prototype.outcome = null;
            Compensation.prototype.errorJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Compensation.prototype, "_inputJson", {
                get: $util.oneOfGetter($oneOfFields = ["inputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Compensation.prototype, "_outputJson", {
                get: $util.oneOfGetter($oneOfFields = ["outputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Compensation.prototype, "_outcome", {
                get: $util.oneOfGetter($oneOfFields = ["outcome"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Compensation.prototype, "_errorJson", {
                get: $util.oneOfGetter($oneOfFields = ["errorJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Compensation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.pointer != null && message.pointer !== "")
                    writer.uint32(10).string(message.pointer);
                if (message.activation != null && message.activation !== 0)
                    writer.uint32(16).uint32(message.activation);
                if (message.inputJson != null)
                    writer.uint32(26).string(message.inputJson);
                if (message.outputJson != null)
                    writer.uint32(34).string(message.outputJson);
                if (message.certain != null && message.certain !== false)
                    writer.uint32(40).bool(message.certain);
                if (message.strand != null && message.strand !== "")
                    writer.uint32(50).string(message.strand);
                if (message.outcome != null)
                    writer.uint32(562).string(message.outcome);
                if (message.errorJson != null)
                    writer.uint32(570).string(message.errorJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Compensation.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.Compensation();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pointer = value;
                            else
                                delete message.pointer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.inputJson = reader.stringVerify();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.outputJson = reader.stringVerify();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.certain = value;
                            else
                                delete message.certain;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.strand = value;
                            else
                                delete message.strand;
                            continue;
                        }
                    case 70: {
                            if (wireType !== 2)
                                break;
                            message.outcome = reader.stringVerify();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 2)
                                break;
                            message.errorJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Compensation;
        })();

        v1.NodeState = (function() {

            const NodeState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            NodeState.prototype.root = null;
            NodeState.prototype["do"] = null;
            NodeState.prototype["switch"] = null;
            NodeState.prototype["for"] = null;
            NodeState.prototype["try"] = null;
            NodeState.prototype.fork = null;
            NodeState.prototype.activity = null;
            NodeState.prototype.wait = null;
            NodeState.prototype.undo = null;
            NodeState.prototype.extended = null;
            NodeState.prototype.listen = null;
            NodeState.prototype.startedAt = null;
            NodeState.prototype.deadline = null;
            NodeState.prototype.rawInputJson = null;
            NodeState.prototype.inputJson = null;
            NodeState.prototype.saga = null;

            let $oneOfFields;

            $Object.defineProperty(NodeState.prototype, "state", {
                get: $util.oneOfGetter($oneOfFields = ["root", "do", "switch", "for", "try", "fork", "activity", "wait", "undo", "extended", "listen"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NodeState.prototype, "_startedAt", {
                get: $util.oneOfGetter($oneOfFields = ["startedAt"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NodeState.prototype, "_deadline", {
                get: $util.oneOfGetter($oneOfFields = ["deadline"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NodeState.prototype, "_rawInputJson", {
                get: $util.oneOfGetter($oneOfFields = ["rawInputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NodeState.prototype, "_inputJson", {
                get: $util.oneOfGetter($oneOfFields = ["inputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NodeState.prototype, "_saga", {
                get: $util.oneOfGetter($oneOfFields = ["saga"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            NodeState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.root != null)
                    $root.waybill.v1.RootState.encode(message.root, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message["do"] != null)
                    $root.waybill.v1.DoState.encode(message["do"], writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message["switch"] != null)
                    $root.waybill.v1.SwitchState.encode(message["switch"], writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message["for"] != null)
                    $root.waybill.v1.ForState.encode(message["for"], writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message["try"] != null)
                    $root.waybill.v1.TryState.encode(message["try"], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.fork != null)
                    $root.waybill.v1.ForkState.encode(message.fork, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.activity != null)
                    $root.waybill.v1.ActivityState.encode(message.activity, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.wait != null)
                    $root.waybill.v1.WaitState.encode(message.wait, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.startedAt != null)
                    writer.uint32(160).int64(message.startedAt);
                if (message.deadline != null)
                    writer.uint32(168).int64(message.deadline);
                if (message.rawInputJson != null)
                    writer.uint32(178).string(message.rawInputJson);
                if (message.inputJson != null)
                    writer.uint32(186).string(message.inputJson);
                if (message.listen != null)
                    $root.waybill.v1.ListenState.encode(message.listen, writer.uint32(322).fork(), _depth + 1).ldelim();
                if (message.undo != null)
                    $root.waybill.v1.UndoState.encode(message.undo, writer.uint32(562).fork(), _depth + 1).ldelim();
                if (message.saga != null)
                    writer.uint32(568).uint32(message.saga);
                if (message.extended != null)
                    $root.waybill.v1.ExtendedState.encode(message.extended, writer.uint32(722).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            NodeState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.NodeState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.root = $root.waybill.v1.RootState.decode(reader, reader.size(), $undefined, _depth + 1, message.root);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message["do"] = $root.waybill.v1.DoState.decode(reader, reader.size(), $undefined, _depth + 1, message["do"]);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message["switch"] = $root.waybill.v1.SwitchState.decode(reader, reader.size(), $undefined, _depth + 1, message["switch"]);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message["for"] = $root.waybill.v1.ForState.decode(reader, reader.size(), $undefined, _depth + 1, message["for"]);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message["try"] = $root.waybill.v1.TryState.decode(reader, reader.size(), $undefined, _depth + 1, message["try"]);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.fork = $root.waybill.v1.ForkState.decode(reader, reader.size(), $undefined, _depth + 1, message.fork);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.activity = $root.waybill.v1.ActivityState.decode(reader, reader.size(), $undefined, _depth + 1, message.activity);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.wait = $root.waybill.v1.WaitState.decode(reader, reader.size(), $undefined, _depth + 1, message.wait);
                            continue;
                        }
                    case 70: {
                            if (wireType !== 2)
                                break;
                            message.undo = $root.waybill.v1.UndoState.decode(reader, reader.size(), $undefined, _depth + 1, message.undo);
                            continue;
                        }
                    case 90: {
                            if (wireType !== 2)
                                break;
                            message.extended = $root.waybill.v1.ExtendedState.decode(reader, reader.size(), $undefined, _depth + 1, message.extended);
                            continue;
                        }
                    case 40: {
                            if (wireType !== 2)
                                break;
                            message.listen = $root.waybill.v1.ListenState.decode(reader, reader.size(), $undefined, _depth + 1, message.listen);
                            continue;
                        }
                    case 20: {
                            if (wireType !== 0)
                                break;
                            message.startedAt = reader.int64();
                            continue;
                        }
                    case 21: {
                            if (wireType !== 0)
                                break;
                            message.deadline = reader.int64();
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            message.rawInputJson = reader.stringVerify();
                            continue;
                        }
                    case 23: {
                            if (wireType !== 2)
                                break;
                            message.inputJson = reader.stringVerify();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 0)
                                break;
                            message.saga = reader.uint32();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NodeState;
        })();

        v1.RootState = (function() {

            const RootState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RootState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RootState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.RootState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RootState;
        })();

        v1.DoState = (function() {

            const DoState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DoState.prototype.currentIndex = 0;
            DoState.prototype.completedTasks = 0;

            DoState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.currentIndex != null && message.currentIndex !== 0)
                    writer.uint32(8).uint32(message.currentIndex);
                if (message.completedTasks != null && message.completedTasks !== 0)
                    writer.uint32(16).uint32(message.completedTasks);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DoState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.DoState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.currentIndex = value;
                            else
                                delete message.currentIndex;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.completedTasks = value;
                            else
                                delete message.completedTasks;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DoState;
        })();

        v1.SwitchState = (function() {

            const SwitchState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SwitchState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SwitchState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.SwitchState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SwitchState;
        })();

        v1.ForState = (function() {

            const ForState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ForState.prototype.index = 0;
            ForState.prototype.restJson = "";

            ForState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.index != null && message.index !== 0)
                    writer.uint32(8).uint32(message.index);
                if (message.restJson != null && message.restJson !== "")
                    writer.uint32(18).string(message.restJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ForState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ForState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.restJson = value;
                            else
                                delete message.restJson;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ForState;
        })();

        v1.TryState = (function() {

            const TryState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TryState.prototype.inCatch = false;
            TryState.prototype.caughtError = null;
            TryState.prototype.failures = 0;
            TryState.prototype.retryAt = null;
            TryState.prototype.attemptDeadline = null;
            TryState.prototype.firstAt = 0;
            TryState.prototype.failed = null;
            TryState.prototype.caughtJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TryState.prototype, "_caughtError", {
                get: $util.oneOfGetter($oneOfFields = ["caughtError"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TryState.prototype, "_retryAt", {
                get: $util.oneOfGetter($oneOfFields = ["retryAt"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TryState.prototype, "_attemptDeadline", {
                get: $util.oneOfGetter($oneOfFields = ["attemptDeadline"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TryState.prototype, "_failed", {
                get: $util.oneOfGetter($oneOfFields = ["failed"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TryState.prototype, "_caughtJson", {
                get: $util.oneOfGetter($oneOfFields = ["caughtJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            TryState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.inCatch != null && message.inCatch !== false)
                    writer.uint32(8).bool(message.inCatch);
                if (message.caughtError != null)
                    $root.waybill.v1.ErrorDetail.encode(message.caughtError, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.failures != null && message.failures !== 0)
                    writer.uint32(24).uint32(message.failures);
                if (message.retryAt != null)
                    writer.uint32(32).int64(message.retryAt);
                if (message.attemptDeadline != null)
                    writer.uint32(40).int64(message.attemptDeadline);
                if (message.firstAt != null && (typeof message.firstAt === "object" ? message.firstAt.low || message.firstAt.high : message.firstAt !== 0))
                    writer.uint32(48).int64(message.firstAt);
                if (message.failed != null)
                    $root.waybill.v1.ActivityState.encode(message.failed, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.caughtJson != null)
                    writer.uint32(66).string(message.caughtJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TryState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TryState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.inCatch = value;
                            else
                                delete message.inCatch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.caughtError = $root.waybill.v1.ErrorDetail.decode(reader, reader.size(), $undefined, _depth + 1, message.caughtError);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.failures = value;
                            else
                                delete message.failures;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.retryAt = reader.int64();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.attemptDeadline = reader.int64();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstAt = value;
                            else
                                delete message.firstAt;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.failed = $root.waybill.v1.ActivityState.decode(reader, reader.size(), $undefined, _depth + 1, message.failed);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.caughtJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TryState;
        })();

        v1.ForkState = (function() {

            const ForkState = function (properties) {
                this.branchIds = [];
                this.branchStatuses = {};
                this.resultsJson = {};
                this.resultsOrder = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ForkState.prototype.branchIds = $util.emptyArray;
            ForkState.prototype.branchStatuses = $util.emptyObject;
            ForkState.prototype.activation = 0;
            ForkState.prototype.started = 0;
            ForkState.prototype.resultsJson = $util.emptyObject;
            ForkState.prototype.total = 0;
            ForkState.prototype.itemsJson = null;
            ForkState.prototype.settles = null;
            ForkState.prototype.settling = false;
            ForkState.prototype.resultsOrder = $util.emptyArray;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ForkState.prototype, "_itemsJson", {
                get: $util.oneOfGetter($oneOfFields = ["itemsJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ForkState.prototype, "_settles", {
                get: $util.oneOfGetter($oneOfFields = ["settles"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ForkState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.branchIds != null && message.branchIds.length)
                    for (let i = 0; i < message.branchIds.length; ++i)
                        writer.uint32(10).string(message.branchIds[i]);
                if (message.branchStatuses != null)
                    for (let keys = $Object.keys(message.branchStatuses), i = 0; i < keys.length; ++i)
                        writer.uint32(18).fork().uint32(10).string(keys[i]).uint32(18).string(message.branchStatuses[keys[i]]).ldelim();
                if (message.activation != null && message.activation !== 0)
                    writer.uint32(24).uint32(message.activation);
                if (message.started != null && message.started !== 0)
                    writer.uint32(32).uint32(message.started);
                if (message.resultsJson != null)
                    for (let keys = $Object.keys(message.resultsJson), i = 0; i < keys.length; ++i)
                        writer.uint32(42).fork().uint32(8).uint32(keys[i]).uint32(18).string(message.resultsJson[keys[i]]).ldelim();
                if (message.total != null && message.total !== 0)
                    writer.uint32(48).uint32(message.total);
                if (message.itemsJson != null)
                    writer.uint32(402).string(message.itemsJson);
                if (message.settles != null)
                    writer.uint32(408).bool(message.settles);
                if (message.settling != null && message.settling !== false)
                    writer.uint32(560).bool(message.settling);
                if (message.resultsOrder != null && message.resultsOrder.length)
                    writer.uint32(570).uint32s(message.resultsOrder);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ForkState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ForkState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.branchIds && message.branchIds.length))
                                message.branchIds = [];
                            message.branchIds.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (message.branchStatuses === $util.emptyObject)
                                message.branchStatuses = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.branchStatuses, key);
                            message.branchStatuses[key] = value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.started = value;
                            else
                                delete message.started;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (message.resultsJson === $util.emptyObject)
                                message.resultsJson = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = 0;
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 0)
                                        break;
                                    key = reader.uint32();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            message.resultsJson[key] = value;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.total = value;
                            else
                                delete message.total;
                            continue;
                        }
                    case 50: {
                            if (wireType !== 2)
                                break;
                            message.itemsJson = reader.stringVerify();
                            continue;
                        }
                    case 51: {
                            if (wireType !== 0)
                                break;
                            message.settles = reader.bool();
                            continue;
                        }
                    case 70: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.settling = value;
                            else
                                delete message.settling;
                            continue;
                        }
                    case 71: {
                            if (wireType === 2) {
                                if (!(message.resultsOrder && message.resultsOrder.length))
                                    message.resultsOrder = [];
                                reader.uint32s(message.resultsOrder);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.resultsOrder && message.resultsOrder.length))
                                message.resultsOrder = [];
                            message.resultsOrder.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ForkState;
        })();

        v1.ActivityState = (function() {

            const ActivityState = function (properties) {
                this.indices = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivityState.prototype.key = "";
            ActivityState.prototype.activation = 0;
            ActivityState.prototype.attempt = 0;
            ActivityState.prototype.digest = "";
            ActivityState.prototype.pointer = "";
            ActivityState.prototype.indices = $util.emptyArray;

            ActivityState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && message.key !== "")
                    writer.uint32(10).string(message.key);
                if (message.activation != null && message.activation !== 0)
                    writer.uint32(16).uint32(message.activation);
                if (message.attempt != null && message.attempt !== 0)
                    writer.uint32(24).uint32(message.attempt);
                if (message.digest != null && message.digest !== "")
                    writer.uint32(34).string(message.digest);
                if (message.pointer != null && message.pointer !== "")
                    writer.uint32(42).string(message.pointer);
                if (message.indices != null && message.indices.length)
                    writer.uint32(50).uint32s(message.indices);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivityState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ActivityState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempt = value;
                            else
                                delete message.attempt;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pointer = value;
                            else
                                delete message.pointer;
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.indices && message.indices.length))
                                    message.indices = [];
                                reader.uint32s(message.indices);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.indices && message.indices.length))
                                message.indices = [];
                            message.indices.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivityState;
        })();

        v1.WaitState = (function() {

            const WaitState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            WaitState.prototype.until = 0;

            WaitState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.until != null && (typeof message.until === "object" ? message.until.low || message.until.high : message.until !== 0))
                    writer.uint32(8).int64(message.until);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            WaitState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.WaitState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.until = value;
                            else
                                delete message.until;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WaitState;
        })();

        v1.UndoState = (function() {

            const UndoState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            UndoState.prototype.floor = 0;
            UndoState.prototype.current = 0;
            UndoState.prototype.errorJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UndoState.prototype, "_errorJson", {
                get: $util.oneOfGetter($oneOfFields = ["errorJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            UndoState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.floor != null && message.floor !== 0)
                    writer.uint32(8).uint32(message.floor);
                if (message.current != null && message.current !== 0)
                    writer.uint32(16).uint32(message.current);
                if (message.errorJson != null)
                    writer.uint32(26).string(message.errorJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            UndoState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.UndoState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.floor = value;
                            else
                                delete message.floor;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.current = value;
                            else
                                delete message.current;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.errorJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UndoState;
        })();

        v1.ExtendedState = (function() {

            const ExtendedState = function (properties) {
                this.applied = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ExtendedState.prototype.stage = 0;
            ExtendedState.prototype.applied = $util.emptyArray;
            ExtendedState.prototype.at = 0;
            ExtendedState.prototype.outputJson = null;
            ExtendedState.prototype.then = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ExtendedState.prototype, "_outputJson", {
                get: $util.oneOfGetter($oneOfFields = ["outputJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ExtendedState.prototype, "_then", {
                get: $util.oneOfGetter($oneOfFields = ["then"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ExtendedState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stage != null && message.stage !== 0)
                    writer.uint32(8).int32(message.stage);
                if (message.applied != null && message.applied.length)
                    writer.uint32(18).uint32s(message.applied);
                if (message.at != null && message.at !== 0)
                    writer.uint32(24).uint32(message.at);
                if (message.outputJson != null)
                    writer.uint32(34).string(message.outputJson);
                if (message.then != null)
                    writer.uint32(42).string(message.then);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ExtendedState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ExtendedState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.stage = value;
                            else
                                delete message.stage;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.applied && message.applied.length))
                                    message.applied = [];
                                reader.uint32s(message.applied);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.applied && message.applied.length))
                                message.applied = [];
                            message.applied.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.at = value;
                            else
                                delete message.at;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.outputJson = reader.stringVerify();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.then = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ExtendedState;
        })();

        v1.ExtendedStage = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "EXTENDED_STAGE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "EXTENDED_STAGE_BEFORE"] = 1;
            values[valuesById[2] = "EXTENDED_STAGE_TASK"] = 2;
            values[valuesById[3] = "EXTENDED_STAGE_AFTER"] = 3;
            return values;
        })();

        v1.ListenState = (function() {

            const ListenState = function (properties) {
                this.met = [];
                this.metUntil = [];
                this.keysJson = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ListenState.prototype.outputsJson = null;
            ListenState.prototype.seenJson = null;
            ListenState.prototype.met = $util.emptyArray;
            ListenState.prototype.metUntil = $util.emptyArray;
            ListenState.prototype.keysJson = $util.emptyObject;
            ListenState.prototype.index = 0;
            ListenState.prototype.itemJson = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ListenState.prototype, "_outputsJson", {
                get: $util.oneOfGetter($oneOfFields = ["outputsJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ListenState.prototype, "_seenJson", {
                get: $util.oneOfGetter($oneOfFields = ["seenJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ListenState.prototype, "_itemJson", {
                get: $util.oneOfGetter($oneOfFields = ["itemJson"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ListenState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.outputsJson != null)
                    writer.uint32(10).string(message.outputsJson);
                if (message.seenJson != null)
                    writer.uint32(18).string(message.seenJson);
                if (message.met != null && message.met.length)
                    writer.uint32(26).uint32s(message.met);
                if (message.metUntil != null && message.metUntil.length)
                    writer.uint32(34).uint32s(message.metUntil);
                if (message.keysJson != null)
                    for (let keys = $Object.keys(message.keysJson), i = 0; i < keys.length; ++i)
                        writer.uint32(42).fork().uint32(10).string(keys[i]).uint32(18).string(message.keysJson[keys[i]]).ldelim();
                if (message.index != null && message.index !== 0)
                    writer.uint32(48).uint32(message.index);
                if (message.itemJson != null)
                    writer.uint32(58).string(message.itemJson);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ListenState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.ListenState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.outputsJson = reader.stringVerify();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.seenJson = reader.stringVerify();
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.met && message.met.length))
                                    message.met = [];
                                reader.uint32s(message.met);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.met && message.met.length))
                                message.met = [];
                            message.met.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.metUntil && message.metUntil.length))
                                    message.metUntil = [];
                                reader.uint32s(message.metUntil);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.metUntil && message.metUntil.length))
                                message.metUntil = [];
                            message.metUntil.push(reader.uint32());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (message.keysJson === $util.emptyObject)
                                message.keysJson = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.keysJson, key);
                            message.keysJson[key] = value;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.itemJson = reader.stringVerify();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListenState;
        })();

        v1.MessageEnvelope = (function() {

            const MessageEnvelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            MessageEnvelope.prototype.messageId = "";
            MessageEnvelope.prototype.messageType = "";
            MessageEnvelope.prototype.payload = $util.newBuffer([]);
            MessageEnvelope.prototype.createdAt = "";
            MessageEnvelope.prototype.correlationId = null;
            MessageEnvelope.prototype.header = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(MessageEnvelope.prototype, "_correlationId", {
                get: $util.oneOfGetter($oneOfFields = ["correlationId"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            MessageEnvelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.messageId != null && message.messageId !== "")
                    writer.uint32(10).string(message.messageId);
                if (message.messageType != null && message.messageType !== "")
                    writer.uint32(18).string(message.messageType);
                if (message.payload != null && message.payload.length)
                    writer.uint32(26).bytes(message.payload);
                if (message.createdAt != null && message.createdAt !== "")
                    writer.uint32(34).string(message.createdAt);
                if (message.correlationId != null)
                    writer.uint32(42).string(message.correlationId);
                if (message.header != null)
                    $root.waybill.v1.RecordHeader.encode(message.header, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            MessageEnvelope.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.MessageEnvelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.messageId = value;
                            else
                                delete message.messageId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.messageType = value;
                            else
                                delete message.messageType;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.createdAt = value;
                            else
                                delete message.createdAt;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.correlationId = reader.stringVerify();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.header = $root.waybill.v1.RecordHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MessageEnvelope;
        })();

        v1.RecordKind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "RECORD_KIND_UNSPECIFIED"] = 0;
            values[valuesById[1] = "RECORD_KIND_START"] = 1;
            values[valuesById[2] = "RECORD_KIND_CONTROL"] = 2;
            values[valuesById[3] = "RECORD_KIND_CLAIM"] = 3;
            values[valuesById[4] = "RECORD_KIND_STEP"] = 4;
            values[valuesById[5] = "RECORD_KIND_PARK"] = 5;
            values[valuesById[6] = "RECORD_KIND_RESUME"] = 6;
            values[valuesById[7] = "RECORD_KIND_SCHEDULE"] = 7;
            values[valuesById[8] = "RECORD_KIND_FIRE"] = 8;
            values[valuesById[9] = "RECORD_KIND_CANCELLING"] = 9;
            values[valuesById[10] = "RECORD_KIND_END"] = 10;
            values[valuesById[11] = "RECORD_KIND_ANSWER"] = 11;
            values[valuesById[12] = "RECORD_KIND_CARRY"] = 12;
            values[valuesById[13] = "RECORD_KIND_OUTPUT"] = 13;
            values[valuesById[14] = "RECORD_KIND_MARK"] = 14;
            values[valuesById[15] = "RECORD_KIND_CLOSE"] = 15;
            return values;
        })();

        v1.RecordHeader = (function() {

            const RecordHeader = function (properties) {
                this.targets = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RecordHeader.prototype.kind = 0;
            RecordHeader.prototype.tenure = 0;
            RecordHeader.prototype.nonce = 0;
            RecordHeader.prototype.n = 0;
            RecordHeader.prototype.unit = 0;
            RecordHeader.prototype.unitSize = 0;
            RecordHeader.prototype.targets = $util.emptyArray;
            RecordHeader.prototype.runId = "";
            RecordHeader.prototype.strand = "";
            RecordHeader.prototype.hop = 0;
            RecordHeader.prototype.definition = $util.newBuffer([]);
            RecordHeader.prototype.time = 0;
            RecordHeader.prototype.minReader = 0;
            RecordHeader.prototype.joins = 0;
            RecordHeader.prototype.carries = 0;
            RecordHeader.prototype.journal = false;

            RecordHeader.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && message.kind !== 0)
                    writer.uint32(8).int32(message.kind);
                if (message.tenure != null && (typeof message.tenure === "object" ? message.tenure.low || message.tenure.high : message.tenure !== 0))
                    writer.uint32(16).int64(message.tenure);
                if (message.nonce != null && message.nonce !== 0)
                    writer.uint32(24).uint32(message.nonce);
                if (message.n != null && (typeof message.n === "object" ? message.n.low || message.n.high : message.n !== 0))
                    writer.uint32(32).int64(message.n);
                if (message.unit != null && (typeof message.unit === "object" ? message.unit.low || message.unit.high : message.unit !== 0))
                    writer.uint32(40).int64(message.unit);
                if (message.unitSize != null && message.unitSize !== 0)
                    writer.uint32(48).uint32(message.unitSize);
                if (message.targets != null && message.targets.length)
                    writer.uint32(58).int64s(message.targets);
                if (message.runId != null && message.runId !== "")
                    writer.uint32(66).string(message.runId);
                if (message.strand != null && message.strand !== "")
                    writer.uint32(74).string(message.strand);
                if (message.hop != null && message.hop !== 0)
                    writer.uint32(80).uint32(message.hop);
                if (message.definition != null && message.definition.length)
                    writer.uint32(90).bytes(message.definition);
                if (message.time != null && (typeof message.time === "object" ? message.time.low || message.time.high : message.time !== 0))
                    writer.uint32(96).int64(message.time);
                if (message.minReader != null && message.minReader !== 0)
                    writer.uint32(104).uint32(message.minReader);
                if (message.joins != null && message.joins !== 0)
                    writer.uint32(112).uint32(message.joins);
                if (message.carries != null && (typeof message.carries === "object" ? message.carries.low || message.carries.high : message.carries !== 0))
                    writer.uint32(120).int64(message.carries);
                if (message.journal != null && message.journal !== false)
                    writer.uint32(128).bool(message.journal);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RecordHeader.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.RecordHeader();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.tenure = value;
                            else
                                delete message.tenure;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.nonce = value;
                            else
                                delete message.nonce;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.n = value;
                            else
                                delete message.n;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.unit = value;
                            else
                                delete message.unit;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.unitSize = value;
                            else
                                delete message.unitSize;
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.targets && message.targets.length))
                                    message.targets = [];
                                reader.int64s(message.targets);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.targets && message.targets.length))
                                message.targets = [];
                            message.targets.push(reader.int64());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.runId = value;
                            else
                                delete message.runId;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.strand = value;
                            else
                                delete message.strand;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.hop = value;
                            else
                                delete message.hop;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.definition = value;
                            else
                                delete message.definition;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.time = value;
                            else
                                delete message.time;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.minReader = value;
                            else
                                delete message.minReader;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.joins = value;
                            else
                                delete message.joins;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.carries = value;
                            else
                                delete message.carries;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.journal = value;
                            else
                                delete message.journal;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RecordHeader;
        })();

        v1.TraceHeader = (function() {

            const TraceHeader = function (properties) {
                this.redacted = [];
                this.selection = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceHeader.prototype.engine = "";
            TraceHeader.prototype.source = "";
            TraceHeader.prototype.prefix = "";
            TraceHeader.prototype.partitions = 0;
            TraceHeader.prototype.recordedAt = 0;
            TraceHeader.prototype.redacted = $util.emptyArray;
            TraceHeader.prototype.keyName = "";
            TraceHeader.prototype.selection = $util.emptyArray;
            TraceHeader.prototype.token = "";

            TraceHeader.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.engine != null && message.engine !== "")
                    writer.uint32(10).string(message.engine);
                if (message.source != null && message.source !== "")
                    writer.uint32(18).string(message.source);
                if (message.prefix != null && message.prefix !== "")
                    writer.uint32(26).string(message.prefix);
                if (message.partitions != null && message.partitions !== 0)
                    writer.uint32(32).uint32(message.partitions);
                if (message.recordedAt != null && (typeof message.recordedAt === "object" ? message.recordedAt.low || message.recordedAt.high : message.recordedAt !== 0))
                    writer.uint32(40).int64(message.recordedAt);
                if (message.redacted != null && message.redacted.length)
                    for (let i = 0; i < message.redacted.length; ++i)
                        writer.uint32(50).string(message.redacted[i]);
                if (message.keyName != null && message.keyName !== "")
                    writer.uint32(58).string(message.keyName);
                if (message.selection != null && message.selection.length)
                    for (let i = 0; i < message.selection.length; ++i)
                        writer.uint32(66).string(message.selection[i]);
                if (message.token != null && message.token !== "")
                    writer.uint32(74).string(message.token);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceHeader.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceHeader();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.engine = value;
                            else
                                delete message.engine;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.source = value;
                            else
                                delete message.source;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.prefix = value;
                            else
                                delete message.prefix;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partitions = value;
                            else
                                delete message.partitions;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.recordedAt = value;
                            else
                                delete message.recordedAt;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.redacted && message.redacted.length))
                                message.redacted = [];
                            message.redacted.push(reader.stringVerify());
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.keyName = value;
                            else
                                delete message.keyName;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.selection && message.selection.length))
                                message.selection = [];
                            message.selection.push(reader.stringVerify());
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceHeader;
        })();

        v1.TraceDefinition = (function() {

            const TraceDefinition = function (properties) {
                this.resources = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceDefinition.prototype.hash = $util.newBuffer([]);
            TraceDefinition.prototype.namespace = "";
            TraceDefinition.prototype.name = "";
            TraceDefinition.prototype.version = "";
            TraceDefinition.prototype.document = "";
            TraceDefinition.prototype.resources = $util.emptyObject;

            TraceDefinition.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hash != null && message.hash.length)
                    writer.uint32(10).bytes(message.hash);
                if (message.namespace != null && message.namespace !== "")
                    writer.uint32(18).string(message.namespace);
                if (message.name != null && message.name !== "")
                    writer.uint32(26).string(message.name);
                if (message.version != null && message.version !== "")
                    writer.uint32(34).string(message.version);
                if (message.document != null && message.document !== "")
                    writer.uint32(42).string(message.document);
                if (message.resources != null)
                    for (let keys = $Object.keys(message.resources), i = 0; i < keys.length; ++i)
                        writer.uint32(50).fork().uint32(10).string(keys[i]).uint32(18).string(message.resources[keys[i]]).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceDefinition.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceDefinition();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.hash = value;
                            else
                                delete message.hash;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.document = value;
                            else
                                delete message.document;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (message.resources === $util.emptyObject)
                                message.resources = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.resources, key);
                            message.resources[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceDefinition;
        })();

        v1.TraceUnit = (function() {

            const TraceUnit = function (properties) {
                this.records = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceUnit.prototype.partition = 0;
            TraceUnit.prototype.offset = 0;
            TraceUnit.prototype.time = 0;
            TraceUnit.prototype.records = $util.emptyArray;
            TraceUnit.prototype.world = 0;

            TraceUnit.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.partition != null && message.partition !== 0)
                    writer.uint32(8).uint32(message.partition);
                if (message.offset != null && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                    writer.uint32(16).int64(message.offset);
                if (message.time != null && (typeof message.time === "object" ? message.time.low || message.time.high : message.time !== 0))
                    writer.uint32(24).int64(message.time);
                if (message.records != null && message.records.length)
                    for (let i = 0; i < message.records.length; ++i)
                        writer.uint32(34).bytes(message.records[i]);
                if (message.world != null && message.world !== 0)
                    writer.uint32(40).uint32(message.world);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceUnit.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceUnit();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partition = value;
                            else
                                delete message.partition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.time = value;
                            else
                                delete message.time;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.records && message.records.length))
                                message.records = [];
                            message.records.push(reader.bytes());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.world = value;
                            else
                                delete message.world;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceUnit;
        })();

        v1.TraceIndex = (function() {

            const TraceIndex = function (properties) {
                this.blocks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceIndex.prototype.blocks = $util.emptyArray;

            TraceIndex.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.blocks != null && message.blocks.length)
                    for (let i = 0; i < message.blocks.length; ++i)
                        $root.waybill.v1.TraceBlock.encode(message.blocks[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceIndex.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceIndex();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.blocks && message.blocks.length))
                                message.blocks = [];
                            message.blocks.push($root.waybill.v1.TraceBlock.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceIndex;
        })();

        v1.TraceBlock = (function() {

            const TraceBlock = function (properties) {
                this.runs = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceBlock.prototype.at = 0;
            TraceBlock.prototype.runs = $util.emptyArray;

            TraceBlock.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.at != null && (typeof message.at === "object" ? message.at.low || message.at.high : message.at !== 0))
                    writer.uint32(8).int64(message.at);
                if (message.runs != null && message.runs.length)
                    writer.uint32(18).fixed32s(message.runs);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceBlock.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceBlock();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.at = value;
                            else
                                delete message.at;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.runs && message.runs.length))
                                    message.runs = [];
                                reader.fixed32s(message.runs);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.runs && message.runs.length))
                                message.runs = [];
                            message.runs.push(reader.fixed32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceBlock;
        })();

        v1.TraceFooter = (function() {

            const TraceFooter = function (properties) {
                this.indexes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TraceFooter.prototype.indexes = $util.emptyArray;
            TraceFooter.prototype.units = 0;
            TraceFooter.prototype.records = 0;
            TraceFooter.prototype.voidRecords = 0;

            TraceFooter.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.indexes != null && message.indexes.length)
                    writer.uint32(10).int64s(message.indexes);
                if (message.units != null && (typeof message.units === "object" ? message.units.low || message.units.high : message.units !== 0))
                    writer.uint32(16).int64(message.units);
                if (message.records != null && (typeof message.records === "object" ? message.records.low || message.records.high : message.records !== 0))
                    writer.uint32(24).int64(message.records);
                if (message.voidRecords != null && (typeof message.voidRecords === "object" ? message.voidRecords.low || message.voidRecords.high : message.voidRecords !== 0))
                    writer.uint32(32).int64(message.voidRecords);
                if (message.$unknowns != null)
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TraceFooter.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waybill.v1.TraceFooter();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.indexes && message.indexes.length))
                                    message.indexes = [];
                                reader.int64s(message.indexes);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.indexes && message.indexes.length))
                                message.indexes = [];
                            message.indexes.push(reader.int64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.units = value;
                            else
                                delete message.units;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.records = value;
                            else
                                delete message.records;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.voidRecords = value;
                            else
                                delete message.voidRecords;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TraceFooter;
        })();

        return v1;
    })();

    return waybill;
})();

export {
  $root as default
};
