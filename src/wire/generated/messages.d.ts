// Generated from proto/ by src/wire/generate.ts (npm run generate). Do not edit.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace waybill. */
export namespace waybill {

    /** Namespace v1. */
    namespace v1 {

        /** StateEncoding enum. */
        enum StateEncoding {

            /** STATE_ENCODING_UNSPECIFIED value */
            STATE_ENCODING_UNSPECIFIED = 0,

            /** STATE_ENCODING_ZSTD value */
            STATE_ENCODING_ZSTD = 1
        }

        /**
         * Properties of a WorkflowCommand.
         * @deprecated Use waybill.v1.WorkflowCommand.$Properties instead.
         */
        interface IWorkflowCommand extends waybill.v1.WorkflowCommand.$Properties {
        }

        /** Represents a WorkflowCommand. */
        class WorkflowCommand {

            /**
             * Constructs a new WorkflowCommand.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.WorkflowCommand.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WorkflowCommand workflowId. */
            workflowId: string;

            /** WorkflowCommand namespace. */
            namespace: string;

            /** WorkflowCommand name. */
            name: string;

            /** WorkflowCommand version. */
            version: string;

            /** WorkflowCommand workflowState. */
            workflowState: Uint8Array;

            /** WorkflowCommand inputJson. */
            inputJson?: (string|null);

            /** WorkflowCommand zoneId. */
            zoneId?: (string|null);

            /** WorkflowCommand correlationId. */
            correlationId?: (string|null);

            /** WorkflowCommand stateEncoding. */
            stateEncoding: waybill.v1.StateEncoding;

            /** WorkflowCommand cause. */
            cause?: (waybill.v1.Cause.$Properties|null);

            /** WorkflowCommand activity. */
            activity?: (waybill.v1.Activity.$Properties|null);

            /** WorkflowCommand notBefore. */
            notBefore?: (number|null);

            /** WorkflowCommand event. */
            event?: (waybill.v1.WorkflowEvent.$Properties|null);

            /** WorkflowCommand park. */
            park?: (waybill.v1.Park.$Properties|null);

            /** WorkflowCommand caller. */
            caller?: (waybill.v1.Caller.$Properties|null);

            /** WorkflowCommand end. */
            end?: (waybill.v1.End.$Properties|null);

            /** WorkflowCommand outputs. */
            outputs: waybill.v1.Output.$Properties[];

            /** WorkflowCommand until. */
            until?: (number|null);

            /** WorkflowCommand emittedJson. */
            emittedJson: string[];

            /** WorkflowCommand happened. */
            happened?: (waybill.v1.Happened.$Properties|null);

            /**
             * Encodes the specified WorkflowCommand message. Does not implicitly {@link waybill.v1.WorkflowCommand.verify|verify} messages.
             * @param message WorkflowCommand message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.WorkflowCommand.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WorkflowCommand message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.WorkflowCommand & waybill.v1.WorkflowCommand.$Shape} WorkflowCommand
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.WorkflowCommand & waybill.v1.WorkflowCommand.$Shape;
        }

        namespace WorkflowCommand {

            /** Properties of a WorkflowCommand. */
            interface $Properties {

                /** WorkflowCommand workflowId */
                workflowId?: (string|null);

                /** WorkflowCommand namespace */
                namespace?: (string|null);

                /** WorkflowCommand name */
                name?: (string|null);

                /** WorkflowCommand version */
                version?: (string|null);

                /** WorkflowCommand workflowState */
                workflowState?: (Uint8Array|null);

                /** WorkflowCommand inputJson */
                inputJson?: (string|null);

                /** WorkflowCommand zoneId */
                zoneId?: (string|null);

                /** WorkflowCommand correlationId */
                correlationId?: (string|null);

                /** WorkflowCommand stateEncoding */
                stateEncoding?: (waybill.v1.StateEncoding|null);

                /** WorkflowCommand cause */
                cause?: (waybill.v1.Cause.$Properties|null);

                /** WorkflowCommand activity */
                activity?: (waybill.v1.Activity.$Properties|null);

                /** WorkflowCommand notBefore */
                notBefore?: (number|null);

                /** WorkflowCommand event */
                event?: (waybill.v1.WorkflowEvent.$Properties|null);

                /** WorkflowCommand park */
                park?: (waybill.v1.Park.$Properties|null);

                /** WorkflowCommand caller */
                caller?: (waybill.v1.Caller.$Properties|null);

                /** WorkflowCommand end */
                end?: (waybill.v1.End.$Properties|null);

                /** WorkflowCommand outputs */
                outputs?: (waybill.v1.Output.$Properties[]|null);

                /** WorkflowCommand until */
                until?: (number|null);

                /** WorkflowCommand emittedJson */
                emittedJson?: (string[]|null);

                /** WorkflowCommand happened */
                happened?: (waybill.v1.Happened.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WorkflowCommand. */
            type $Shape = {
              workflowId?: string|null;
              namespace?: string|null;
              name?: string|null;
              version?: string|null;
              workflowState?: Uint8Array|null;
              inputJson?: string|null;
              zoneId?: string|null;
              correlationId?: string|null;
              stateEncoding?: waybill.v1.StateEncoding|null;
              cause?: waybill.v1.Cause.$Shape|null;
              activity?: waybill.v1.Activity.$Shape|null;
              notBefore?: number|null;
              event?: waybill.v1.WorkflowEvent.$Shape|null;
              park?: waybill.v1.Park.$Shape|null;
              caller?: waybill.v1.Caller.$Shape|null;
              end?: waybill.v1.End.$Shape|null;
              outputs?: waybill.v1.Output.$Shape[]|null;
              until?: number|null;
              emittedJson?: string[]|null;
              happened?: waybill.v1.Happened.$Shape|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a Happened.
         * @deprecated Use waybill.v1.Happened.$Properties instead.
         */
        interface IHappened extends waybill.v1.Happened.$Properties {
        }

        /** Represents a Happened. */
        class Happened {

            /**
             * Constructs a new Happened.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Happened.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Happened texts. */
            texts: string[];

            /** Happened items. */
            items: number[];

            /** Happened at. */
            at: number;

            /**
             * Encodes the specified Happened message. Does not implicitly {@link waybill.v1.Happened.verify|verify} messages.
             * @param message Happened message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Happened.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Happened message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Happened & waybill.v1.Happened.$Shape} Happened
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Happened & waybill.v1.Happened.$Shape;
        }

        namespace Happened {

            /** Properties of a Happened. */
            interface $Properties {

                /** Happened texts */
                texts?: (string[]|null);

                /** Happened items */
                items?: (number[]|null);

                /** Happened at */
                at?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Happened. */
            type $Shape = waybill.v1.Happened.$Properties;
        }

        /**
         * Properties of a Cause.
         * @deprecated Use waybill.v1.Cause.$Properties instead.
         */
        interface ICause extends waybill.v1.Cause.$Properties {
        }

        /** Represents a Cause. */
        class Cause {

            /**
             * Constructs a new Cause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Cause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Cause start. */
            start?: (waybill.v1.StartCause.$Properties|null);

            /** Cause activity. */
            activity?: (waybill.v1.ActivityCause.$Properties|null);

            /** Cause timer. */
            timer?: (waybill.v1.TimerCause.$Properties|null);

            /** Cause joined. */
            joined?: (waybill.v1.JoinedCause.$Properties|null);

            /** Cause continue. */
            continue?: (waybill.v1.ContinueCause.$Properties|null);

            /** Cause control. */
            control?: (waybill.v1.ControlCause.$Properties|null);

            /** Cause events. */
            events?: (waybill.v1.EventsCause.$Properties|null);

            /** Cause branch. */
            branch?: (waybill.v1.BranchCause.$Properties|null);

            /** Cause cause. */
            cause?: ("start"|"activity"|"timer"|"joined"|"continue"|"control"|"events"|"branch");

            /**
             * Encodes the specified Cause message. Does not implicitly {@link waybill.v1.Cause.verify|verify} messages.
             * @param message Cause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Cause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Cause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Cause & waybill.v1.Cause.$Shape} Cause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Cause & waybill.v1.Cause.$Shape;
        }

        namespace Cause {

            /** Properties of a Cause. */
            interface $Properties {

                /** Cause start */
                start?: (waybill.v1.StartCause.$Properties|null);

                /** Cause activity */
                activity?: (waybill.v1.ActivityCause.$Properties|null);

                /** Cause timer */
                timer?: (waybill.v1.TimerCause.$Properties|null);

                /** Cause joined */
                joined?: (waybill.v1.JoinedCause.$Properties|null);

                /** Cause continue */
                "continue"?: (waybill.v1.ContinueCause.$Properties|null);

                /** Cause control */
                control?: (waybill.v1.ControlCause.$Properties|null);

                /** Cause events */
                events?: (waybill.v1.EventsCause.$Properties|null);

                /** Cause branch */
                branch?: (waybill.v1.BranchCause.$Properties|null);

                /** Cause cause */
                cause?: ("start"|"activity"|"timer"|"joined"|"continue"|"control"|"events"|"branch");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Cause. */
            type $Shape = {
              start?: waybill.v1.StartCause.$Shape|null;
              activity?: waybill.v1.ActivityCause.$Shape|null;
              timer?: waybill.v1.TimerCause.$Shape|null;
              joined?: waybill.v1.JoinedCause.$Shape|null;
              "continue"?: waybill.v1.ContinueCause.$Shape|null;
              control?: waybill.v1.ControlCause.$Shape|null;
              events?: waybill.v1.EventsCause.$Shape|null;
              branch?: waybill.v1.BranchCause.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ cause?: undefined; start?: null; activity?: null; timer?: null; joined?: null; "continue"?: null; control?: null; events?: null; branch?: null }|{ cause?: "start"; start: waybill.v1.StartCause.$Shape; activity?: null; timer?: null; joined?: null; "continue"?: null; control?: null; events?: null; branch?: null }|{ cause?: "activity"; start?: null; activity: waybill.v1.ActivityCause.$Shape; timer?: null; joined?: null; "continue"?: null; control?: null; events?: null; branch?: null }|{ cause?: "timer"; start?: null; activity?: null; timer: waybill.v1.TimerCause.$Shape; joined?: null; "continue"?: null; control?: null; events?: null; branch?: null }|{ cause?: "joined"; start?: null; activity?: null; timer?: null; joined: waybill.v1.JoinedCause.$Shape; "continue"?: null; control?: null; events?: null; branch?: null }|{ cause?: "continue"; start?: null; activity?: null; timer?: null; joined?: null; "continue": waybill.v1.ContinueCause.$Shape; control?: null; events?: null; branch?: null }|{ cause?: "control"; start?: null; activity?: null; timer?: null; joined?: null; "continue"?: null; control: waybill.v1.ControlCause.$Shape; events?: null; branch?: null }|{ cause?: "events"; start?: null; activity?: null; timer?: null; joined?: null; "continue"?: null; control?: null; events: waybill.v1.EventsCause.$Shape; branch?: null }|{ cause?: "branch"; start?: null; activity?: null; timer?: null; joined?: null; "continue"?: null; control?: null; events?: null; branch: waybill.v1.BranchCause.$Shape })
            );
        }

        /**
         * Properties of a StartCause.
         * @deprecated Use waybill.v1.StartCause.$Properties instead.
         */
        interface IStartCause extends waybill.v1.StartCause.$Properties {
        }

        /** Represents a StartCause. */
        class StartCause {

            /**
             * Constructs a new StartCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.StartCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StartCause inputJson. */
            inputJson?: (string|null);

            /** StartCause by. */
            by?: (waybill.v1.Starter.$Properties|null);

            /**
             * Encodes the specified StartCause message. Does not implicitly {@link waybill.v1.StartCause.verify|verify} messages.
             * @param message StartCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.StartCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StartCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.StartCause & waybill.v1.StartCause.$Shape} StartCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.StartCause & waybill.v1.StartCause.$Shape;
        }

        namespace StartCause {

            /** Properties of a StartCause. */
            interface $Properties {

                /** StartCause inputJson */
                inputJson?: (string|null);

                /** StartCause by */
                by?: (waybill.v1.Starter.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StartCause. */
            type $Shape = waybill.v1.StartCause.$Properties;
        }

        /**
         * Properties of a Starter.
         * @deprecated Use waybill.v1.Starter.$Properties instead.
         */
        interface IStarter extends waybill.v1.Starter.$Properties {
        }

        /** Represents a Starter. */
        class Starter {

            /**
             * Constructs a new Starter.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Starter.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Starter run. */
            run: string;

            /** Starter strand. */
            strand: string;

            /** Starter activation. */
            activation: number;

            /**
             * Encodes the specified Starter message. Does not implicitly {@link waybill.v1.Starter.verify|verify} messages.
             * @param message Starter message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Starter.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Starter message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Starter & waybill.v1.Starter.$Shape} Starter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Starter & waybill.v1.Starter.$Shape;
        }

        namespace Starter {

            /** Properties of a Starter. */
            interface $Properties {

                /** Starter run */
                run?: (string|null);

                /** Starter strand */
                strand?: (string|null);

                /** Starter activation */
                activation?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Starter. */
            type $Shape = waybill.v1.Starter.$Properties;
        }

        /**
         * Properties of an ActivityCause.
         * @deprecated Use waybill.v1.ActivityCause.$Properties instead.
         */
        interface IActivityCause extends waybill.v1.ActivityCause.$Properties {
        }

        /** Represents an ActivityCause. */
        class ActivityCause {

            /**
             * Constructs a new ActivityCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ActivityCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ActivityCause key. */
            key: string;

            /** ActivityCause attempt. */
            attempt: number;

            /** ActivityCause resultJson. */
            resultJson?: (string|null);

            /** ActivityCause error. */
            error?: (waybill.v1.ErrorDetail.$Properties|null);

            /** ActivityCause errorJson. */
            errorJson?: (string|null);

            /**
             * Encodes the specified ActivityCause message. Does not implicitly {@link waybill.v1.ActivityCause.verify|verify} messages.
             * @param message ActivityCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ActivityCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ActivityCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ActivityCause & waybill.v1.ActivityCause.$Shape} ActivityCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ActivityCause & waybill.v1.ActivityCause.$Shape;
        }

        namespace ActivityCause {

            /** Properties of an ActivityCause. */
            interface $Properties {

                /** ActivityCause key */
                key?: (string|null);

                /** ActivityCause attempt */
                attempt?: (number|null);

                /** ActivityCause resultJson */
                resultJson?: (string|null);

                /** ActivityCause error */
                error?: (waybill.v1.ErrorDetail.$Properties|null);

                /** ActivityCause errorJson */
                errorJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ActivityCause. */
            type $Shape = waybill.v1.ActivityCause.$Properties;
        }

        /**
         * Properties of a TimerCause.
         * @deprecated Use waybill.v1.TimerCause.$Properties instead.
         */
        interface ITimerCause extends waybill.v1.TimerCause.$Properties {
        }

        /** Represents a TimerCause. */
        class TimerCause {

            /**
             * Constructs a new TimerCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TimerCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified TimerCause message. Does not implicitly {@link waybill.v1.TimerCause.verify|verify} messages.
             * @param message TimerCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TimerCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TimerCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TimerCause & waybill.v1.TimerCause.$Shape} TimerCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TimerCause & waybill.v1.TimerCause.$Shape;
        }

        namespace TimerCause {

            /** Properties of a TimerCause. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TimerCause. */
            type $Shape = waybill.v1.TimerCause.$Properties;
        }

        /**
         * Properties of a JoinedCause.
         * @deprecated Use waybill.v1.JoinedCause.$Properties instead.
         */
        interface IJoinedCause extends waybill.v1.JoinedCause.$Properties {
        }

        /** Represents a JoinedCause. */
        class JoinedCause {

            /**
             * Constructs a new JoinedCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.JoinedCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** JoinedCause ends. */
            ends: waybill.v1.BranchEnd.$Properties[];

            /** JoinedCause order. */
            order: number[];

            /** JoinedCause last. */
            last?: (waybill.v1.LastStrand.$Properties|null);

            /**
             * Encodes the specified JoinedCause message. Does not implicitly {@link waybill.v1.JoinedCause.verify|verify} messages.
             * @param message JoinedCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.JoinedCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a JoinedCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.JoinedCause & waybill.v1.JoinedCause.$Shape} JoinedCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.JoinedCause & waybill.v1.JoinedCause.$Shape;
        }

        namespace JoinedCause {

            /** Properties of a JoinedCause. */
            interface $Properties {

                /** JoinedCause ends */
                ends?: (waybill.v1.BranchEnd.$Properties[]|null);

                /** JoinedCause order */
                order?: (number[]|null);

                /** JoinedCause last */
                last?: (waybill.v1.LastStrand.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a JoinedCause. */
            type $Shape = {
              ends?: waybill.v1.BranchEnd.$Shape[]|null;
              order?: number[]|null;
              last?: waybill.v1.LastStrand.$Shape|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a LastStrand.
         * @deprecated Use waybill.v1.LastStrand.$Properties instead.
         */
        interface ILastStrand extends waybill.v1.LastStrand.$Properties {
        }

        /** Represents a LastStrand. */
        class LastStrand {

            /**
             * Constructs a new LastStrand.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.LastStrand.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LastStrand strand. */
            strand: string;

            /** LastStrand cause. */
            cause?: (waybill.v1.Cause.$Properties|null);

            /**
             * Encodes the specified LastStrand message. Does not implicitly {@link waybill.v1.LastStrand.verify|verify} messages.
             * @param message LastStrand message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.LastStrand.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LastStrand message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.LastStrand & waybill.v1.LastStrand.$Shape} LastStrand
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.LastStrand & waybill.v1.LastStrand.$Shape;
        }

        namespace LastStrand {

            /** Properties of a LastStrand. */
            interface $Properties {

                /** LastStrand strand */
                strand?: (string|null);

                /** LastStrand cause */
                cause?: (waybill.v1.Cause.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LastStrand. */
            type $Shape = {
              strand?: string|null;
              cause?: waybill.v1.Cause.$Shape|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a BranchEnd.
         * @deprecated Use waybill.v1.BranchEnd.$Properties instead.
         */
        interface IBranchEnd extends waybill.v1.BranchEnd.$Properties {
        }

        /** Represents a BranchEnd. */
        class BranchEnd {

            /**
             * Constructs a new BranchEnd.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.BranchEnd.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BranchEnd branch. */
            branch: number;

            /** BranchEnd end. */
            end?: (waybill.v1.End.$Properties|null);

            /**
             * Encodes the specified BranchEnd message. Does not implicitly {@link waybill.v1.BranchEnd.verify|verify} messages.
             * @param message BranchEnd message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.BranchEnd.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BranchEnd message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.BranchEnd & waybill.v1.BranchEnd.$Shape} BranchEnd
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.BranchEnd & waybill.v1.BranchEnd.$Shape;
        }

        namespace BranchEnd {

            /** Properties of a BranchEnd. */
            interface $Properties {

                /** BranchEnd branch */
                branch?: (number|null);

                /** BranchEnd end */
                end?: (waybill.v1.End.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BranchEnd. */
            type $Shape = waybill.v1.BranchEnd.$Properties;
        }

        /**
         * Properties of a ContinueCause.
         * @deprecated Use waybill.v1.ContinueCause.$Properties instead.
         */
        interface IContinueCause extends waybill.v1.ContinueCause.$Properties {
        }

        /** Represents a ContinueCause. */
        class ContinueCause {

            /**
             * Constructs a new ContinueCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ContinueCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified ContinueCause message. Does not implicitly {@link waybill.v1.ContinueCause.verify|verify} messages.
             * @param message ContinueCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ContinueCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ContinueCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ContinueCause & waybill.v1.ContinueCause.$Shape} ContinueCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ContinueCause & waybill.v1.ContinueCause.$Shape;
        }

        namespace ContinueCause {

            /** Properties of a ContinueCause. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ContinueCause. */
            type $Shape = waybill.v1.ContinueCause.$Properties;
        }

        /**
         * Properties of a BranchCause.
         * @deprecated Use waybill.v1.BranchCause.$Properties instead.
         */
        interface IBranchCause extends waybill.v1.BranchCause.$Properties {
        }

        /** Represents a BranchCause. */
        class BranchCause {

            /**
             * Constructs a new BranchCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.BranchCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BranchCause branch. */
            branch: number;

            /**
             * Encodes the specified BranchCause message. Does not implicitly {@link waybill.v1.BranchCause.verify|verify} messages.
             * @param message BranchCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.BranchCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BranchCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.BranchCause & waybill.v1.BranchCause.$Shape} BranchCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.BranchCause & waybill.v1.BranchCause.$Shape;
        }

        namespace BranchCause {

            /** Properties of a BranchCause. */
            interface $Properties {

                /** BranchCause branch */
                branch?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BranchCause. */
            type $Shape = waybill.v1.BranchCause.$Properties;
        }

        /**
         * Properties of a ControlCause.
         * @deprecated Use waybill.v1.ControlCause.$Properties instead.
         */
        interface IControlCause extends waybill.v1.ControlCause.$Properties {
        }

        /** Represents a ControlCause. */
        class ControlCause {

            /**
             * Constructs a new ControlCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ControlCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ControlCause verb. */
            verb: string;

            /** ControlCause argumentsJson. */
            argumentsJson?: (string|null);

            /**
             * Encodes the specified ControlCause message. Does not implicitly {@link waybill.v1.ControlCause.verify|verify} messages.
             * @param message ControlCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ControlCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ControlCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ControlCause & waybill.v1.ControlCause.$Shape} ControlCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ControlCause & waybill.v1.ControlCause.$Shape;
        }

        namespace ControlCause {

            /** Properties of a ControlCause. */
            interface $Properties {

                /** ControlCause verb */
                verb?: (string|null);

                /** ControlCause argumentsJson */
                argumentsJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ControlCause. */
            type $Shape = waybill.v1.ControlCause.$Properties;
        }

        /**
         * Properties of an EventsCause.
         * @deprecated Use waybill.v1.EventsCause.$Properties instead.
         */
        interface IEventsCause extends waybill.v1.EventsCause.$Properties {
        }

        /** Represents an EventsCause. */
        class EventsCause {

            /**
             * Constructs a new EventsCause.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.EventsCause.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventsCause eventsJson. */
            eventsJson: string[];

            /**
             * Encodes the specified EventsCause message. Does not implicitly {@link waybill.v1.EventsCause.verify|verify} messages.
             * @param message EventsCause message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.EventsCause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventsCause message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.EventsCause & waybill.v1.EventsCause.$Shape} EventsCause
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.EventsCause & waybill.v1.EventsCause.$Shape;
        }

        namespace EventsCause {

            /** Properties of an EventsCause. */
            interface $Properties {

                /** EventsCause eventsJson */
                eventsJson?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventsCause. */
            type $Shape = waybill.v1.EventsCause.$Properties;
        }

        /**
         * Properties of an Activity.
         * @deprecated Use waybill.v1.Activity.$Properties instead.
         */
        interface IActivity extends waybill.v1.Activity.$Properties {
        }

        /** Represents an Activity. */
        class Activity {

            /**
             * Constructs a new Activity.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Activity.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Activity key. */
            key: string;

            /** Activity role. */
            role: string;

            /** Activity pointer. */
            pointer: string;

            /** Activity kind. */
            kind: string;

            /** Activity name. */
            name: string;

            /** Activity argumentsJson. */
            argumentsJson: string;

            /** Activity attempt. */
            attempt: number;

            /** Activity timeout. */
            timeout: number;

            /** Activity lateJson. */
            lateJson?: (string|null);

            /**
             * Encodes the specified Activity message. Does not implicitly {@link waybill.v1.Activity.verify|verify} messages.
             * @param message Activity message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Activity.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Activity message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Activity & waybill.v1.Activity.$Shape} Activity
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Activity & waybill.v1.Activity.$Shape;
        }

        namespace Activity {

            /** Properties of an Activity. */
            interface $Properties {

                /** Activity key */
                key?: (string|null);

                /** Activity role */
                role?: (string|null);

                /** Activity pointer */
                pointer?: (string|null);

                /** Activity kind */
                kind?: (string|null);

                /** Activity name */
                name?: (string|null);

                /** Activity argumentsJson */
                argumentsJson?: (string|null);

                /** Activity attempt */
                attempt?: (number|null);

                /** Activity timeout */
                timeout?: (number|null);

                /** Activity lateJson */
                lateJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Activity. */
            type $Shape = waybill.v1.Activity.$Properties;
        }

        /**
         * Properties of a Park.
         * @deprecated Use waybill.v1.Park.$Properties instead.
         */
        interface IPark extends waybill.v1.Park.$Properties {
        }

        /** Represents a Park. */
        class Park {

            /**
             * Constructs a new Park.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Park.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Park why. */
            why: string;

            /** Park due. */
            due?: (number|null);

            /** Park reason. */
            reason?: (string|null);

            /** Park subscriptionJson. */
            subscriptionJson?: (string|null);

            /** Park was. */
            was?: (string|null);

            /** Park notBefore. */
            notBefore?: (number|null);

            /** Park pending. */
            pending?: (boolean|null);

            /**
             * Encodes the specified Park message. Does not implicitly {@link waybill.v1.Park.verify|verify} messages.
             * @param message Park message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Park.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Park message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Park & waybill.v1.Park.$Shape} Park
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Park & waybill.v1.Park.$Shape;
        }

        namespace Park {

            /** Properties of a Park. */
            interface $Properties {

                /** Park why */
                why?: (string|null);

                /** Park due */
                due?: (number|null);

                /** Park reason */
                reason?: (string|null);

                /** Park subscriptionJson */
                subscriptionJson?: (string|null);

                /** Park was */
                was?: (string|null);

                /** Park notBefore */
                notBefore?: (number|null);

                /** Park pending */
                pending?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Park. */
            type $Shape = waybill.v1.Park.$Properties;
        }

        /**
         * Properties of an End.
         * @deprecated Use waybill.v1.End.$Properties instead.
         */
        interface IEnd extends waybill.v1.End.$Properties {
        }

        /** Represents an End. */
        class End {

            /**
             * Constructs a new End.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.End.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** End outputJson. */
            outputJson?: (string|null);

            /** End error. */
            error?: (waybill.v1.ErrorDetail.$Properties|null);

            /** End errorJson. */
            errorJson?: (string|null);

            /** End compensations. */
            compensations: waybill.v1.Compensation.$Properties[];

            /** End endsWorkflow. */
            endsWorkflow?: (boolean|null);

            /** End cancelled. */
            cancelled?: (boolean|null);

            /** End emptyCompensations. */
            emptyCompensations: boolean;

            /**
             * Encodes the specified End message. Does not implicitly {@link waybill.v1.End.verify|verify} messages.
             * @param message End message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.End.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an End message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.End & waybill.v1.End.$Shape} End
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.End & waybill.v1.End.$Shape;
        }

        namespace End {

            /** Properties of an End. */
            interface $Properties {

                /** End outputJson */
                outputJson?: (string|null);

                /** End error */
                error?: (waybill.v1.ErrorDetail.$Properties|null);

                /** End errorJson */
                errorJson?: (string|null);

                /** End compensations */
                compensations?: (waybill.v1.Compensation.$Properties[]|null);

                /** End endsWorkflow */
                endsWorkflow?: (boolean|null);

                /** End cancelled */
                cancelled?: (boolean|null);

                /** End emptyCompensations */
                emptyCompensations?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an End. */
            type $Shape = waybill.v1.End.$Properties;
        }

        /**
         * Properties of an Output.
         * @deprecated Use waybill.v1.Output.$Properties instead.
         */
        interface IOutput extends waybill.v1.Output.$Properties {
        }

        /** Represents an Output. */
        class Output {

            /**
             * Constructs a new Output.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Output.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Output id. */
            id: string;

            /** Output topic. */
            topic: string;

            /** Output payload. */
            payload: Uint8Array;

            /**
             * Encodes the specified Output message. Does not implicitly {@link waybill.v1.Output.verify|verify} messages.
             * @param message Output message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Output.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Output message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Output & waybill.v1.Output.$Shape} Output
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Output & waybill.v1.Output.$Shape;
        }

        namespace Output {

            /** Properties of an Output. */
            interface $Properties {

                /** Output id */
                id?: (string|null);

                /** Output topic */
                topic?: (string|null);

                /** Output payload */
                payload?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Output. */
            type $Shape = waybill.v1.Output.$Properties;
        }

        /**
         * Properties of a Mark.
         * @deprecated Use waybill.v1.Mark.$Properties instead.
         */
        interface IMark extends waybill.v1.Mark.$Properties {
        }

        /** Represents a Mark. */
        class Mark {

            /**
             * Constructs a new Mark.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Mark.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Mark offset. */
            offset: number;

            /** Mark tenure. */
            tenure: number;

            /** Mark nonce. */
            nonce: number;

            /** Mark n. */
            n: number;

            /** Mark computedAt. */
            computedAt: number;

            /**
             * Encodes the specified Mark message. Does not implicitly {@link waybill.v1.Mark.verify|verify} messages.
             * @param message Mark message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Mark.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Mark message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Mark & waybill.v1.Mark.$Shape} Mark
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Mark & waybill.v1.Mark.$Shape;
        }

        namespace Mark {

            /** Properties of a Mark. */
            interface $Properties {

                /** Mark offset */
                offset?: (number|null);

                /** Mark tenure */
                tenure?: (number|null);

                /** Mark nonce */
                nonce?: (number|null);

                /** Mark n */
                n?: (number|null);

                /** Mark computedAt */
                computedAt?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Mark. */
            type $Shape = waybill.v1.Mark.$Properties;
        }

        /**
         * Properties of a ClaimRecord.
         * @deprecated Use waybill.v1.ClaimRecord.$Properties instead.
         */
        interface IClaimRecord extends waybill.v1.ClaimRecord.$Properties {
        }

        /** Represents a ClaimRecord. */
        class ClaimRecord {

            /**
             * Constructs a new ClaimRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ClaimRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ClaimRecord mark. */
            mark?: (waybill.v1.Mark.$Properties|null);

            /** ClaimRecord genesis. */
            genesis?: (waybill.v1.Genesis.$Properties|null);

            /** ClaimRecord takeovers. */
            takeovers: waybill.v1.Takeover.$Properties[];

            /**
             * Encodes the specified ClaimRecord message. Does not implicitly {@link waybill.v1.ClaimRecord.verify|verify} messages.
             * @param message ClaimRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ClaimRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClaimRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ClaimRecord & waybill.v1.ClaimRecord.$Shape} ClaimRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ClaimRecord & waybill.v1.ClaimRecord.$Shape;
        }

        namespace ClaimRecord {

            /** Properties of a ClaimRecord. */
            interface $Properties {

                /** ClaimRecord mark */
                mark?: (waybill.v1.Mark.$Properties|null);

                /** ClaimRecord genesis */
                genesis?: (waybill.v1.Genesis.$Properties|null);

                /** ClaimRecord takeovers */
                takeovers?: (waybill.v1.Takeover.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClaimRecord. */
            type $Shape = waybill.v1.ClaimRecord.$Properties;
        }

        /**
         * Properties of a Genesis.
         * @deprecated Use waybill.v1.Genesis.$Properties instead.
         */
        interface IGenesis extends waybill.v1.Genesis.$Properties {
        }

        /** Represents a Genesis. */
        class Genesis {

            /**
             * Constructs a new Genesis.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Genesis.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Genesis prefix. */
            prefix: string;

            /** Genesis partitions. */
            partitions: number;

            /** Genesis format. */
            format: number;

            /**
             * Encodes the specified Genesis message. Does not implicitly {@link waybill.v1.Genesis.verify|verify} messages.
             * @param message Genesis message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Genesis.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Genesis message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Genesis & waybill.v1.Genesis.$Shape} Genesis
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Genesis & waybill.v1.Genesis.$Shape;
        }

        namespace Genesis {

            /** Properties of a Genesis. */
            interface $Properties {

                /** Genesis prefix */
                prefix?: (string|null);

                /** Genesis partitions */
                partitions?: (number|null);

                /** Genesis format */
                format?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Genesis. */
            type $Shape = waybill.v1.Genesis.$Properties;
        }

        /**
         * Properties of a Takeover.
         * @deprecated Use waybill.v1.Takeover.$Properties instead.
         */
        interface ITakeover extends waybill.v1.Takeover.$Properties {
        }

        /** Represents a Takeover. */
        class Takeover {

            /**
             * Constructs a new Takeover.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Takeover.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Takeover identity. */
            identity: number;

            /** Takeover count. */
            count: number;

            /**
             * Encodes the specified Takeover message. Does not implicitly {@link waybill.v1.Takeover.verify|verify} messages.
             * @param message Takeover message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Takeover.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Takeover message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Takeover & waybill.v1.Takeover.$Shape} Takeover
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Takeover & waybill.v1.Takeover.$Shape;
        }

        namespace Takeover {

            /** Properties of a Takeover. */
            interface $Properties {

                /** Takeover identity */
                identity?: (number|null);

                /** Takeover count */
                count?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Takeover. */
            type $Shape = waybill.v1.Takeover.$Properties;
        }

        /**
         * Properties of a MarkRecord.
         * @deprecated Use waybill.v1.MarkRecord.$Properties instead.
         */
        interface IMarkRecord extends waybill.v1.MarkRecord.$Properties {
        }

        /** Represents a MarkRecord. */
        class MarkRecord {

            /**
             * Constructs a new MarkRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.MarkRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MarkRecord mark. */
            mark?: (waybill.v1.Mark.$Properties|null);

            /** MarkRecord running. */
            running: number[];

            /**
             * Encodes the specified MarkRecord message. Does not implicitly {@link waybill.v1.MarkRecord.verify|verify} messages.
             * @param message MarkRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.MarkRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MarkRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.MarkRecord & waybill.v1.MarkRecord.$Shape} MarkRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.MarkRecord & waybill.v1.MarkRecord.$Shape;
        }

        namespace MarkRecord {

            /** Properties of a MarkRecord. */
            interface $Properties {

                /** MarkRecord mark */
                mark?: (waybill.v1.Mark.$Properties|null);

                /** MarkRecord running */
                running?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MarkRecord. */
            type $Shape = waybill.v1.MarkRecord.$Properties;
        }

        /**
         * Properties of a ResumeRecord.
         * @deprecated Use waybill.v1.ResumeRecord.$Properties instead.
         */
        interface IResumeRecord extends waybill.v1.ResumeRecord.$Properties {
        }

        /** Represents a ResumeRecord. */
        class ResumeRecord {

            /**
             * Constructs a new ResumeRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ResumeRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResumeRecord rows. */
            rows: number[];

            /** ResumeRecord why. */
            why: string;

            /** ResumeRecord events. */
            events: waybill.v1.EventPlace.$Properties[];

            /**
             * Encodes the specified ResumeRecord message. Does not implicitly {@link waybill.v1.ResumeRecord.verify|verify} messages.
             * @param message ResumeRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ResumeRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResumeRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ResumeRecord & waybill.v1.ResumeRecord.$Shape} ResumeRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ResumeRecord & waybill.v1.ResumeRecord.$Shape;
        }

        namespace ResumeRecord {

            /** Properties of a ResumeRecord. */
            interface $Properties {

                /** ResumeRecord rows */
                rows?: (number[]|null);

                /** ResumeRecord why */
                why?: (string|null);

                /** ResumeRecord events */
                events?: (waybill.v1.EventPlace.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResumeRecord. */
            type $Shape = waybill.v1.ResumeRecord.$Properties;
        }

        /**
         * Properties of an EventPlace.
         * @deprecated Use waybill.v1.EventPlace.$Properties instead.
         */
        interface IEventPlace extends waybill.v1.EventPlace.$Properties {
        }

        /** Represents an EventPlace. */
        class EventPlace {

            /**
             * Constructs a new EventPlace.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.EventPlace.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventPlace partition. */
            partition: number;

            /** EventPlace offset. */
            offset: number;

            /**
             * Encodes the specified EventPlace message. Does not implicitly {@link waybill.v1.EventPlace.verify|verify} messages.
             * @param message EventPlace message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.EventPlace.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventPlace message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.EventPlace & waybill.v1.EventPlace.$Shape} EventPlace
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.EventPlace & waybill.v1.EventPlace.$Shape;
        }

        namespace EventPlace {

            /** Properties of an EventPlace. */
            interface $Properties {

                /** EventPlace partition */
                partition?: (number|null);

                /** EventPlace offset */
                offset?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventPlace. */
            type $Shape = waybill.v1.EventPlace.$Properties;
        }

        /**
         * Properties of a CarryRecord.
         * @deprecated Use waybill.v1.CarryRecord.$Properties instead.
         */
        interface ICarryRecord extends waybill.v1.CarryRecord.$Properties {
        }

        /** Represents a CarryRecord. */
        class CarryRecord {

            /**
             * Constructs a new CarryRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.CarryRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CarryRecord header. */
            header: Uint8Array;

            /** CarryRecord payload. */
            payload: Uint8Array;

            /** CarryRecord takeovers. */
            takeovers: number;

            /**
             * Encodes the specified CarryRecord message. Does not implicitly {@link waybill.v1.CarryRecord.verify|verify} messages.
             * @param message CarryRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.CarryRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CarryRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.CarryRecord & waybill.v1.CarryRecord.$Shape} CarryRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.CarryRecord & waybill.v1.CarryRecord.$Shape;
        }

        namespace CarryRecord {

            /** Properties of a CarryRecord. */
            interface $Properties {

                /** CarryRecord header */
                header?: (Uint8Array|null);

                /** CarryRecord payload */
                payload?: (Uint8Array|null);

                /** CarryRecord takeovers */
                takeovers?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CarryRecord. */
            type $Shape = waybill.v1.CarryRecord.$Properties;
        }

        /**
         * Properties of a ControlRecord.
         * @deprecated Use waybill.v1.ControlRecord.$Properties instead.
         */
        interface IControlRecord extends waybill.v1.ControlRecord.$Properties {
        }

        /** Represents a ControlRecord. */
        class ControlRecord {

            /**
             * Constructs a new ControlRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ControlRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ControlRecord id. */
            id: string;

            /** ControlRecord verb. */
            verb: string;

            /** ControlRecord argumentsJson. */
            argumentsJson?: (string|null);

            /** ControlRecord hop. */
            hop?: (number|null);

            /**
             * Encodes the specified ControlRecord message. Does not implicitly {@link waybill.v1.ControlRecord.verify|verify} messages.
             * @param message ControlRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ControlRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ControlRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ControlRecord & waybill.v1.ControlRecord.$Shape} ControlRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ControlRecord & waybill.v1.ControlRecord.$Shape;
        }

        namespace ControlRecord {

            /** Properties of a ControlRecord. */
            interface $Properties {

                /** ControlRecord id */
                id?: (string|null);

                /** ControlRecord verb */
                verb?: (string|null);

                /** ControlRecord argumentsJson */
                argumentsJson?: (string|null);

                /** ControlRecord hop */
                hop?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ControlRecord. */
            type $Shape = waybill.v1.ControlRecord.$Properties;
        }

        /**
         * Properties of an AnswerRecord.
         * @deprecated Use waybill.v1.AnswerRecord.$Properties instead.
         */
        interface IAnswerRecord extends waybill.v1.AnswerRecord.$Properties {
        }

        /** Represents an AnswerRecord. */
        class AnswerRecord {

            /**
             * Constructs a new AnswerRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.AnswerRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AnswerRecord controlId. */
            controlId: string;

            /** AnswerRecord outcome. */
            outcome: string;

            /** AnswerRecord reason. */
            reason?: (string|null);

            /**
             * Encodes the specified AnswerRecord message. Does not implicitly {@link waybill.v1.AnswerRecord.verify|verify} messages.
             * @param message AnswerRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.AnswerRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AnswerRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.AnswerRecord & waybill.v1.AnswerRecord.$Shape} AnswerRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.AnswerRecord & waybill.v1.AnswerRecord.$Shape;
        }

        namespace AnswerRecord {

            /** Properties of an AnswerRecord. */
            interface $Properties {

                /** AnswerRecord controlId */
                controlId?: (string|null);

                /** AnswerRecord outcome */
                outcome?: (string|null);

                /** AnswerRecord reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AnswerRecord. */
            type $Shape = waybill.v1.AnswerRecord.$Properties;
        }

        /**
         * Properties of an OutputRecord.
         * @deprecated Use waybill.v1.OutputRecord.$Properties instead.
         */
        interface IOutputRecord extends waybill.v1.OutputRecord.$Properties {
        }

        /** Represents an OutputRecord. */
        class OutputRecord {

            /**
             * Constructs a new OutputRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.OutputRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OutputRecord outputs. */
            outputs: waybill.v1.Output.$Properties[];

            /** OutputRecord unsent. */
            unsent: waybill.v1.UnsentEvents.$Properties[];

            /**
             * Encodes the specified OutputRecord message. Does not implicitly {@link waybill.v1.OutputRecord.verify|verify} messages.
             * @param message OutputRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.OutputRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OutputRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.OutputRecord & waybill.v1.OutputRecord.$Shape} OutputRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.OutputRecord & waybill.v1.OutputRecord.$Shape;
        }

        namespace OutputRecord {

            /** Properties of an OutputRecord. */
            interface $Properties {

                /** OutputRecord outputs */
                outputs?: (waybill.v1.Output.$Properties[]|null);

                /** OutputRecord unsent */
                unsent?: (waybill.v1.UnsentEvents.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OutputRecord. */
            type $Shape = waybill.v1.OutputRecord.$Properties;
        }

        /**
         * Properties of an UnsentEvents.
         * @deprecated Use waybill.v1.UnsentEvents.$Properties instead.
         */
        interface IUnsentEvents extends waybill.v1.UnsentEvents.$Properties {
        }

        /** Represents an UnsentEvents. */
        class UnsentEvents {

            /**
             * Constructs a new UnsentEvents.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.UnsentEvents.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UnsentEvents runId. */
            runId: string;

            /** UnsentEvents eventsJson. */
            eventsJson: string[];

            /** UnsentEvents origin. */
            origin: number;

            /**
             * Encodes the specified UnsentEvents message. Does not implicitly {@link waybill.v1.UnsentEvents.verify|verify} messages.
             * @param message UnsentEvents message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.UnsentEvents.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UnsentEvents message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.UnsentEvents & waybill.v1.UnsentEvents.$Shape} UnsentEvents
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.UnsentEvents & waybill.v1.UnsentEvents.$Shape;
        }

        namespace UnsentEvents {

            /** Properties of an UnsentEvents. */
            interface $Properties {

                /** UnsentEvents runId */
                runId?: (string|null);

                /** UnsentEvents eventsJson */
                eventsJson?: (string[]|null);

                /** UnsentEvents origin */
                origin?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UnsentEvents. */
            type $Shape = waybill.v1.UnsentEvents.$Properties;
        }

        /**
         * Properties of a CloseRecord.
         * @deprecated Use waybill.v1.CloseRecord.$Properties instead.
         */
        interface ICloseRecord extends waybill.v1.CloseRecord.$Properties {
        }

        /** Represents a CloseRecord. */
        class CloseRecord {

            /**
             * Constructs a new CloseRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.CloseRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified CloseRecord message. Does not implicitly {@link waybill.v1.CloseRecord.verify|verify} messages.
             * @param message CloseRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.CloseRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CloseRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.CloseRecord & waybill.v1.CloseRecord.$Shape} CloseRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.CloseRecord & waybill.v1.CloseRecord.$Shape;
        }

        namespace CloseRecord {

            /** Properties of a CloseRecord. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CloseRecord. */
            type $Shape = waybill.v1.CloseRecord.$Properties;
        }

        /**
         * Properties of a ScheduleRecord.
         * @deprecated Use waybill.v1.ScheduleRecord.$Properties instead.
         */
        interface IScheduleRecord extends waybill.v1.ScheduleRecord.$Properties {
        }

        /** Represents a ScheduleRecord. */
        class ScheduleRecord {

            /**
             * Constructs a new ScheduleRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ScheduleRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ScheduleRecord namespace. */
            namespace: string;

            /** ScheduleRecord name. */
            name: string;

            /** ScheduleRecord version. */
            version: string;

            /** ScheduleRecord ruleJson. */
            ruleJson: string;

            /** ScheduleRecord due. */
            due?: (number|null);

            /**
             * Encodes the specified ScheduleRecord message. Does not implicitly {@link waybill.v1.ScheduleRecord.verify|verify} messages.
             * @param message ScheduleRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ScheduleRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ScheduleRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ScheduleRecord & waybill.v1.ScheduleRecord.$Shape} ScheduleRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ScheduleRecord & waybill.v1.ScheduleRecord.$Shape;
        }

        namespace ScheduleRecord {

            /** Properties of a ScheduleRecord. */
            interface $Properties {

                /** ScheduleRecord namespace */
                namespace?: (string|null);

                /** ScheduleRecord name */
                name?: (string|null);

                /** ScheduleRecord version */
                version?: (string|null);

                /** ScheduleRecord ruleJson */
                ruleJson?: (string|null);

                /** ScheduleRecord due */
                due?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ScheduleRecord. */
            type $Shape = waybill.v1.ScheduleRecord.$Properties;
        }

        /**
         * Properties of a FireRecord.
         * @deprecated Use waybill.v1.FireRecord.$Properties instead.
         */
        interface IFireRecord extends waybill.v1.FireRecord.$Properties {
        }

        /** Represents a FireRecord. */
        class FireRecord {

            /**
             * Constructs a new FireRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.FireRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FireRecord row. */
            row: number;

            /** FireRecord tick. */
            tick: number;

            /** FireRecord due. */
            due?: (number|null);

            /** FireRecord events. */
            events: waybill.v1.EventPlace.$Properties[];

            /**
             * Encodes the specified FireRecord message. Does not implicitly {@link waybill.v1.FireRecord.verify|verify} messages.
             * @param message FireRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.FireRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FireRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.FireRecord & waybill.v1.FireRecord.$Shape} FireRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.FireRecord & waybill.v1.FireRecord.$Shape;
        }

        namespace FireRecord {

            /** Properties of a FireRecord. */
            interface $Properties {

                /** FireRecord row */
                row?: (number|null);

                /** FireRecord tick */
                tick?: (number|null);

                /** FireRecord due */
                due?: (number|null);

                /** FireRecord events */
                events?: (waybill.v1.EventPlace.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FireRecord. */
            type $Shape = waybill.v1.FireRecord.$Properties;
        }

        /**
         * Properties of an ErrorDetail.
         * @deprecated Use waybill.v1.ErrorDetail.$Properties instead.
         */
        interface IErrorDetail extends waybill.v1.ErrorDetail.$Properties {
        }

        /** Represents an ErrorDetail. */
        class ErrorDetail {

            /**
             * Constructs a new ErrorDetail.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ErrorDetail.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ErrorDetail type. */
            type: string;

            /** ErrorDetail status. */
            status: number;

            /** ErrorDetail title. */
            title: string;

            /** ErrorDetail detail. */
            detail?: (string|null);

            /** ErrorDetail instance. */
            instance?: (string|null);

            /**
             * Encodes the specified ErrorDetail message. Does not implicitly {@link waybill.v1.ErrorDetail.verify|verify} messages.
             * @param message ErrorDetail message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ErrorDetail.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ErrorDetail message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ErrorDetail & waybill.v1.ErrorDetail.$Shape} ErrorDetail
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ErrorDetail & waybill.v1.ErrorDetail.$Shape;
        }

        namespace ErrorDetail {

            /** Properties of an ErrorDetail. */
            interface $Properties {

                /** ErrorDetail type */
                type?: (string|null);

                /** ErrorDetail status */
                status?: (number|null);

                /** ErrorDetail title */
                title?: (string|null);

                /** ErrorDetail detail */
                detail?: (string|null);

                /** ErrorDetail instance */
                instance?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ErrorDetail. */
            type $Shape = waybill.v1.ErrorDetail.$Properties;
        }

        /** WorkflowStatus enum. */
        enum WorkflowStatus {

            /** WORKFLOW_STATUS_UNSPECIFIED value */
            WORKFLOW_STATUS_UNSPECIFIED = 0,

            /** WORKFLOW_STATUS_RUNNING value */
            WORKFLOW_STATUS_RUNNING = 1,

            /** WORKFLOW_STATUS_WAITING value */
            WORKFLOW_STATUS_WAITING = 2,

            /** WORKFLOW_STATUS_COMPLETED value */
            WORKFLOW_STATUS_COMPLETED = 3,

            /** WORKFLOW_STATUS_FAULTED value */
            WORKFLOW_STATUS_FAULTED = 4,

            /** WORKFLOW_STATUS_CANCELLED value */
            WORKFLOW_STATUS_CANCELLED = 5,

            /** WORKFLOW_STATUS_SUSPENDED value */
            WORKFLOW_STATUS_SUSPENDED = 6
        }

        /**
         * Properties of a NodePosition.
         * @deprecated Use waybill.v1.NodePosition.$Properties instead.
         */
        interface INodePosition extends waybill.v1.NodePosition.$Properties {
        }

        /** Represents a NodePosition. */
        class NodePosition {

            /**
             * Constructs a new NodePosition.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.NodePosition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NodePosition pointer. */
            pointer: string;

            /**
             * Encodes the specified NodePosition message. Does not implicitly {@link waybill.v1.NodePosition.verify|verify} messages.
             * @param message NodePosition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.NodePosition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodePosition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.NodePosition & waybill.v1.NodePosition.$Shape} NodePosition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.NodePosition & waybill.v1.NodePosition.$Shape;
        }

        namespace NodePosition {

            /** Properties of a NodePosition. */
            interface $Properties {

                /** NodePosition pointer */
                pointer?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NodePosition. */
            type $Shape = waybill.v1.NodePosition.$Properties;
        }

        /**
         * Properties of a WorkflowEvent.
         * @deprecated Use waybill.v1.WorkflowEvent.$Properties instead.
         */
        interface IWorkflowEvent extends waybill.v1.WorkflowEvent.$Properties {
        }

        /** Represents a WorkflowEvent. */
        class WorkflowEvent {

            /**
             * Constructs a new WorkflowEvent.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.WorkflowEvent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WorkflowEvent workflowId. */
            workflowId: string;

            /** WorkflowEvent eventType. */
            eventType: string;

            /** WorkflowEvent payload. */
            payload: Uint8Array;

            /** WorkflowEvent sequence. */
            sequence: number;

            /** WorkflowEvent createdAt. */
            createdAt: string;

            /**
             * Encodes the specified WorkflowEvent message. Does not implicitly {@link waybill.v1.WorkflowEvent.verify|verify} messages.
             * @param message WorkflowEvent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.WorkflowEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WorkflowEvent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.WorkflowEvent & waybill.v1.WorkflowEvent.$Shape} WorkflowEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.WorkflowEvent & waybill.v1.WorkflowEvent.$Shape;
        }

        namespace WorkflowEvent {

            /** Properties of a WorkflowEvent. */
            interface $Properties {

                /** WorkflowEvent workflowId */
                workflowId?: (string|null);

                /** WorkflowEvent eventType */
                eventType?: (string|null);

                /** WorkflowEvent payload */
                payload?: (Uint8Array|null);

                /** WorkflowEvent sequence */
                sequence?: (number|null);

                /** WorkflowEvent createdAt */
                createdAt?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WorkflowEvent. */
            type $Shape = waybill.v1.WorkflowEvent.$Properties;
        }

        /**
         * Properties of a RetryPayload.
         * @deprecated Use waybill.v1.RetryPayload.$Properties instead.
         */
        interface IRetryPayload extends waybill.v1.RetryPayload.$Properties {
        }

        /** Represents a RetryPayload. */
        class RetryPayload {

            /**
             * Constructs a new RetryPayload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.RetryPayload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RetryPayload position. */
            position: string;

            /** RetryPayload attempt. */
            attempt: number;

            /** RetryPayload retryAt. */
            retryAt: number;

            /**
             * Encodes the specified RetryPayload message. Does not implicitly {@link waybill.v1.RetryPayload.verify|verify} messages.
             * @param message RetryPayload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.RetryPayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RetryPayload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.RetryPayload & waybill.v1.RetryPayload.$Shape} RetryPayload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.RetryPayload & waybill.v1.RetryPayload.$Shape;
        }

        namespace RetryPayload {

            /** Properties of a RetryPayload. */
            interface $Properties {

                /** RetryPayload position */
                position?: (string|null);

                /** RetryPayload attempt */
                attempt?: (number|null);

                /** RetryPayload retryAt */
                retryAt?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RetryPayload. */
            type $Shape = waybill.v1.RetryPayload.$Properties;
        }

        /**
         * Properties of a WaitPayload.
         * @deprecated Use waybill.v1.WaitPayload.$Properties instead.
         */
        interface IWaitPayload extends waybill.v1.WaitPayload.$Properties {
        }

        /** Represents a WaitPayload. */
        class WaitPayload {

            /**
             * Constructs a new WaitPayload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.WaitPayload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WaitPayload position. */
            position: string;

            /** WaitPayload until. */
            until: number;

            /**
             * Encodes the specified WaitPayload message. Does not implicitly {@link waybill.v1.WaitPayload.verify|verify} messages.
             * @param message WaitPayload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.WaitPayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WaitPayload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.WaitPayload & waybill.v1.WaitPayload.$Shape} WaitPayload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.WaitPayload & waybill.v1.WaitPayload.$Shape;
        }

        namespace WaitPayload {

            /** Properties of a WaitPayload. */
            interface $Properties {

                /** WaitPayload position */
                position?: (string|null);

                /** WaitPayload until */
                until?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WaitPayload. */
            type $Shape = waybill.v1.WaitPayload.$Properties;
        }

        /**
         * Properties of a ForkPayload.
         * @deprecated Use waybill.v1.ForkPayload.$Properties instead.
         */
        interface IForkPayload extends waybill.v1.ForkPayload.$Properties {
        }

        /** Represents a ForkPayload. */
        class ForkPayload {

            /**
             * Constructs a new ForkPayload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ForkPayload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ForkPayload position. */
            position: string;

            /** ForkPayload branchIds. */
            branchIds: string[];

            /** ForkPayload compete. */
            compete: boolean;

            /**
             * Encodes the specified ForkPayload message. Does not implicitly {@link waybill.v1.ForkPayload.verify|verify} messages.
             * @param message ForkPayload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ForkPayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ForkPayload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ForkPayload & waybill.v1.ForkPayload.$Shape} ForkPayload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ForkPayload & waybill.v1.ForkPayload.$Shape;
        }

        namespace ForkPayload {

            /** Properties of a ForkPayload. */
            interface $Properties {

                /** ForkPayload position */
                position?: (string|null);

                /** ForkPayload branchIds */
                branchIds?: (string[]|null);

                /** ForkPayload compete */
                compete?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ForkPayload. */
            type $Shape = waybill.v1.ForkPayload.$Properties;
        }

        /**
         * Properties of a ListenPayload.
         * @deprecated Use waybill.v1.ListenPayload.$Properties instead.
         */
        interface IListenPayload extends waybill.v1.ListenPayload.$Properties {
        }

        /** Represents a ListenPayload. */
        class ListenPayload {

            /**
             * Constructs a new ListenPayload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ListenPayload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListenPayload position. */
            position: string;

            /** ListenPayload subscriptionJson. */
            subscriptionJson: string;

            /**
             * Encodes the specified ListenPayload message. Does not implicitly {@link waybill.v1.ListenPayload.verify|verify} messages.
             * @param message ListenPayload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ListenPayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListenPayload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ListenPayload & waybill.v1.ListenPayload.$Shape} ListenPayload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ListenPayload & waybill.v1.ListenPayload.$Shape;
        }

        namespace ListenPayload {

            /** Properties of a ListenPayload. */
            interface $Properties {

                /** ListenPayload position */
                position?: (string|null);

                /** ListenPayload subscriptionJson */
                subscriptionJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListenPayload. */
            type $Shape = waybill.v1.ListenPayload.$Properties;
        }

        /**
         * Properties of a SchedulePayload.
         * @deprecated Use waybill.v1.SchedulePayload.$Properties instead.
         */
        interface ISchedulePayload extends waybill.v1.SchedulePayload.$Properties {
        }

        /** Represents a SchedulePayload. */
        class SchedulePayload {

            /**
             * Constructs a new SchedulePayload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.SchedulePayload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SchedulePayload scheduleJson. */
            scheduleJson: string;

            /** SchedulePayload nextAt. */
            nextAt?: (number|null);

            /**
             * Encodes the specified SchedulePayload message. Does not implicitly {@link waybill.v1.SchedulePayload.verify|verify} messages.
             * @param message SchedulePayload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.SchedulePayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SchedulePayload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.SchedulePayload & waybill.v1.SchedulePayload.$Shape} SchedulePayload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.SchedulePayload & waybill.v1.SchedulePayload.$Shape;
        }

        namespace SchedulePayload {

            /** Properties of a SchedulePayload. */
            interface $Properties {

                /** SchedulePayload scheduleJson */
                scheduleJson?: (string|null);

                /** SchedulePayload nextAt */
                nextAt?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SchedulePayload. */
            type $Shape = waybill.v1.SchedulePayload.$Properties;
        }

        /**
         * Properties of an InstanceState.
         * @deprecated Use waybill.v1.InstanceState.$Properties instead.
         */
        interface IInstanceState extends waybill.v1.InstanceState.$Properties {
        }

        /** Represents an InstanceState. */
        class InstanceState {

            /**
             * Constructs a new InstanceState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.InstanceState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InstanceState states. */
            states: { [k: string]: waybill.v1.NodeState.$Properties };

            /** InstanceState currentPosition. */
            currentPosition?: (waybill.v1.NodePosition.$Properties|null);

            /** InstanceState status. */
            status: waybill.v1.WorkflowStatus;

            /** InstanceState outputJson. */
            outputJson?: (string|null);

            /** InstanceState error. */
            error?: (waybill.v1.ErrorDetail.$Properties|null);

            /** InstanceState dataJson. */
            dataJson?: (string|null);

            /** InstanceState contextJson. */
            contextJson?: (string|null);

            /** InstanceState inputJson. */
            inputJson?: (string|null);

            /** InstanceState startedAt. */
            startedAt: number;

            /** InstanceState activation. */
            activation: number;

            /** InstanceState pureHops. */
            pureHops: number;

            /** InstanceState variablesJson. */
            variablesJson: { [k: string]: string };

            /** InstanceState compensations. */
            compensations: waybill.v1.Compensation.$Properties[];

            /** InstanceState caller. */
            caller?: (waybill.v1.Caller.$Properties|null);

            /** InstanceState deadline. */
            deadline?: (number|null);

            /** InstanceState entering. */
            entering: boolean;

            /** InstanceState emptyVariables. */
            emptyVariables: boolean;

            /** InstanceState emptyCompensations. */
            emptyCompensations: boolean;

            /** InstanceState child. */
            child?: (waybill.v1.ChildWorkflow.$Properties|null);

            /** InstanceState cancelling. */
            cancelling?: (string|null);

            /** InstanceState suspended. */
            suspended?: (boolean|null);

            /** InstanceState undoes. */
            undoes?: (boolean|null);

            /**
             * Encodes the specified InstanceState message. Does not implicitly {@link waybill.v1.InstanceState.verify|verify} messages.
             * @param message InstanceState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.InstanceState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InstanceState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.InstanceState & waybill.v1.InstanceState.$Shape} InstanceState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.InstanceState & waybill.v1.InstanceState.$Shape;
        }

        namespace InstanceState {

            /** Properties of an InstanceState. */
            interface $Properties {

                /** InstanceState states */
                states?: ({ [k: string]: waybill.v1.NodeState.$Properties }|null);

                /** InstanceState currentPosition */
                currentPosition?: (waybill.v1.NodePosition.$Properties|null);

                /** InstanceState status */
                status?: (waybill.v1.WorkflowStatus|null);

                /** InstanceState outputJson */
                outputJson?: (string|null);

                /** InstanceState error */
                error?: (waybill.v1.ErrorDetail.$Properties|null);

                /** InstanceState dataJson */
                dataJson?: (string|null);

                /** InstanceState contextJson */
                contextJson?: (string|null);

                /** InstanceState inputJson */
                inputJson?: (string|null);

                /** InstanceState startedAt */
                startedAt?: (number|null);

                /** InstanceState activation */
                activation?: (number|null);

                /** InstanceState pureHops */
                pureHops?: (number|null);

                /** InstanceState variablesJson */
                variablesJson?: ({ [k: string]: string }|null);

                /** InstanceState compensations */
                compensations?: (waybill.v1.Compensation.$Properties[]|null);

                /** InstanceState caller */
                caller?: (waybill.v1.Caller.$Properties|null);

                /** InstanceState deadline */
                deadline?: (number|null);

                /** InstanceState entering */
                entering?: (boolean|null);

                /** InstanceState emptyVariables */
                emptyVariables?: (boolean|null);

                /** InstanceState emptyCompensations */
                emptyCompensations?: (boolean|null);

                /** InstanceState child */
                child?: (waybill.v1.ChildWorkflow.$Properties|null);

                /** InstanceState cancelling */
                cancelling?: (string|null);

                /** InstanceState suspended */
                suspended?: (boolean|null);

                /** InstanceState undoes */
                undoes?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InstanceState. */
            type $Shape = {
              states?: { [k: string]: waybill.v1.NodeState.$Shape }|null;
              currentPosition?: waybill.v1.NodePosition.$Shape|null;
              status?: waybill.v1.WorkflowStatus|null;
              outputJson?: string|null;
              error?: waybill.v1.ErrorDetail.$Shape|null;
              dataJson?: string|null;
              contextJson?: string|null;
              inputJson?: string|null;
              startedAt?: number|null;
              activation?: number|null;
              pureHops?: number|null;
              variablesJson?: { [k: string]: string }|null;
              compensations?: waybill.v1.Compensation.$Shape[]|null;
              caller?: waybill.v1.Caller.$Shape|null;
              deadline?: number|null;
              entering?: boolean|null;
              emptyVariables?: boolean|null;
              emptyCompensations?: boolean|null;
              child?: waybill.v1.ChildWorkflow.$Shape|null;
              cancelling?: string|null;
              suspended?: boolean|null;
              undoes?: boolean|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a ChildWorkflow.
         * @deprecated Use waybill.v1.ChildWorkflow.$Properties instead.
         */
        interface IChildWorkflow extends waybill.v1.ChildWorkflow.$Properties {
        }

        /** Represents a ChildWorkflow. */
        class ChildWorkflow {

            /**
             * Constructs a new ChildWorkflow.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ChildWorkflow.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ChildWorkflow strand. */
            strand: string;

            /** ChildWorkflow depth. */
            depth: number;

            /**
             * Encodes the specified ChildWorkflow message. Does not implicitly {@link waybill.v1.ChildWorkflow.verify|verify} messages.
             * @param message ChildWorkflow message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ChildWorkflow.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ChildWorkflow message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ChildWorkflow & waybill.v1.ChildWorkflow.$Shape} ChildWorkflow
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ChildWorkflow & waybill.v1.ChildWorkflow.$Shape;
        }

        namespace ChildWorkflow {

            /** Properties of a ChildWorkflow. */
            interface $Properties {

                /** ChildWorkflow strand */
                strand?: (string|null);

                /** ChildWorkflow depth */
                depth?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ChildWorkflow. */
            type $Shape = waybill.v1.ChildWorkflow.$Properties;
        }

        /**
         * Properties of a Caller.
         * @deprecated Use waybill.v1.Caller.$Properties instead.
         */
        interface ICaller extends waybill.v1.Caller.$Properties {
        }

        /** Represents a Caller. */
        class Caller {

            /**
             * Constructs a new Caller.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Caller.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Caller replyPartition. */
            replyPartition?: (number|null);

            /** Caller keep. */
            keep?: (boolean|null);

            /** Caller onceKey. */
            onceKey?: (string|null);

            /** Caller correlationId. */
            correlationId?: (string|null);

            /** Caller schedule. */
            schedule?: (number|null);

            /** Caller againAfter. */
            againAfter?: (number|null);

            /**
             * Encodes the specified Caller message. Does not implicitly {@link waybill.v1.Caller.verify|verify} messages.
             * @param message Caller message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Caller.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Caller message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Caller & waybill.v1.Caller.$Shape} Caller
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Caller & waybill.v1.Caller.$Shape;
        }

        namespace Caller {

            /** Properties of a Caller. */
            interface $Properties {

                /** Caller replyPartition */
                replyPartition?: (number|null);

                /** Caller keep */
                keep?: (boolean|null);

                /** Caller onceKey */
                onceKey?: (string|null);

                /** Caller correlationId */
                correlationId?: (string|null);

                /** Caller schedule */
                schedule?: (number|null);

                /** Caller againAfter */
                againAfter?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Caller. */
            type $Shape = waybill.v1.Caller.$Properties;
        }

        /**
         * Properties of a Compensation.
         * @deprecated Use waybill.v1.Compensation.$Properties instead.
         */
        interface ICompensation extends waybill.v1.Compensation.$Properties {
        }

        /** Represents a Compensation. */
        class Compensation {

            /**
             * Constructs a new Compensation.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.Compensation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Compensation pointer. */
            pointer: string;

            /** Compensation activation. */
            activation: number;

            /** Compensation inputJson. */
            inputJson?: (string|null);

            /** Compensation outputJson. */
            outputJson?: (string|null);

            /** Compensation certain. */
            certain: boolean;

            /** Compensation strand. */
            strand: string;

            /** Compensation outcome. */
            outcome?: (string|null);

            /** Compensation errorJson. */
            errorJson?: (string|null);

            /**
             * Encodes the specified Compensation message. Does not implicitly {@link waybill.v1.Compensation.verify|verify} messages.
             * @param message Compensation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.Compensation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Compensation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.Compensation & waybill.v1.Compensation.$Shape} Compensation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.Compensation & waybill.v1.Compensation.$Shape;
        }

        namespace Compensation {

            /** Properties of a Compensation. */
            interface $Properties {

                /** Compensation pointer */
                pointer?: (string|null);

                /** Compensation activation */
                activation?: (number|null);

                /** Compensation inputJson */
                inputJson?: (string|null);

                /** Compensation outputJson */
                outputJson?: (string|null);

                /** Compensation certain */
                certain?: (boolean|null);

                /** Compensation strand */
                strand?: (string|null);

                /** Compensation outcome */
                outcome?: (string|null);

                /** Compensation errorJson */
                errorJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Compensation. */
            type $Shape = waybill.v1.Compensation.$Properties;
        }

        /**
         * Properties of a NodeState.
         * @deprecated Use waybill.v1.NodeState.$Properties instead.
         */
        interface INodeState extends waybill.v1.NodeState.$Properties {
        }

        /** Represents a NodeState. */
        class NodeState {

            /**
             * Constructs a new NodeState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.NodeState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NodeState root. */
            root?: (waybill.v1.RootState.$Properties|null);

            /** NodeState do. */
            do?: (waybill.v1.DoState.$Properties|null);

            /** NodeState switch. */
            switch?: (waybill.v1.SwitchState.$Properties|null);

            /** NodeState for. */
            for?: (waybill.v1.ForState.$Properties|null);

            /** NodeState try. */
            try?: (waybill.v1.TryState.$Properties|null);

            /** NodeState fork. */
            fork?: (waybill.v1.ForkState.$Properties|null);

            /** NodeState activity. */
            activity?: (waybill.v1.ActivityState.$Properties|null);

            /** NodeState wait. */
            wait?: (waybill.v1.WaitState.$Properties|null);

            /** NodeState undo. */
            undo?: (waybill.v1.UndoState.$Properties|null);

            /** NodeState extended. */
            extended?: (waybill.v1.ExtendedState.$Properties|null);

            /** NodeState listen. */
            listen?: (waybill.v1.ListenState.$Properties|null);

            /** NodeState startedAt. */
            startedAt?: (number|null);

            /** NodeState deadline. */
            deadline?: (number|null);

            /** NodeState rawInputJson. */
            rawInputJson?: (string|null);

            /** NodeState inputJson. */
            inputJson?: (string|null);

            /** NodeState saga. */
            saga?: (number|null);

            /** NodeState state. */
            state?: ("root"|"do"|"switch"|"for"|"try"|"fork"|"activity"|"wait"|"undo"|"extended"|"listen");

            /**
             * Encodes the specified NodeState message. Does not implicitly {@link waybill.v1.NodeState.verify|verify} messages.
             * @param message NodeState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.NodeState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodeState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.NodeState & waybill.v1.NodeState.$Shape} NodeState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.NodeState & waybill.v1.NodeState.$Shape;
        }

        namespace NodeState {

            /** Properties of a NodeState. */
            interface $Properties {

                /** NodeState root */
                root?: (waybill.v1.RootState.$Properties|null);

                /** NodeState do */
                "do"?: (waybill.v1.DoState.$Properties|null);

                /** NodeState switch */
                "switch"?: (waybill.v1.SwitchState.$Properties|null);

                /** NodeState for */
                "for"?: (waybill.v1.ForState.$Properties|null);

                /** NodeState try */
                "try"?: (waybill.v1.TryState.$Properties|null);

                /** NodeState fork */
                fork?: (waybill.v1.ForkState.$Properties|null);

                /** NodeState activity */
                activity?: (waybill.v1.ActivityState.$Properties|null);

                /** NodeState wait */
                wait?: (waybill.v1.WaitState.$Properties|null);

                /** NodeState undo */
                undo?: (waybill.v1.UndoState.$Properties|null);

                /** NodeState extended */
                extended?: (waybill.v1.ExtendedState.$Properties|null);

                /** NodeState listen */
                listen?: (waybill.v1.ListenState.$Properties|null);

                /** NodeState startedAt */
                startedAt?: (number|null);

                /** NodeState deadline */
                deadline?: (number|null);

                /** NodeState rawInputJson */
                rawInputJson?: (string|null);

                /** NodeState inputJson */
                inputJson?: (string|null);

                /** NodeState saga */
                saga?: (number|null);

                /** NodeState state */
                state?: ("root"|"do"|"switch"|"for"|"try"|"fork"|"activity"|"wait"|"undo"|"extended"|"listen");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a NodeState. */
            type $Shape = {
              root?: waybill.v1.RootState.$Shape|null;
              "do"?: waybill.v1.DoState.$Shape|null;
              "switch"?: waybill.v1.SwitchState.$Shape|null;
              "for"?: waybill.v1.ForState.$Shape|null;
              "try"?: waybill.v1.TryState.$Shape|null;
              fork?: waybill.v1.ForkState.$Shape|null;
              activity?: waybill.v1.ActivityState.$Shape|null;
              wait?: waybill.v1.WaitState.$Shape|null;
              undo?: waybill.v1.UndoState.$Shape|null;
              extended?: waybill.v1.ExtendedState.$Shape|null;
              listen?: waybill.v1.ListenState.$Shape|null;
              startedAt?: number|null;
              deadline?: number|null;
              rawInputJson?: string|null;
              inputJson?: string|null;
              saga?: number|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ state?: undefined; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "root"; root: waybill.v1.RootState.$Shape; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "do"; root?: null; "do": waybill.v1.DoState.$Shape; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "switch"; root?: null; "do"?: null; "switch": waybill.v1.SwitchState.$Shape; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "for"; root?: null; "do"?: null; "switch"?: null; "for": waybill.v1.ForState.$Shape; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "try"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try": waybill.v1.TryState.$Shape; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "fork"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork: waybill.v1.ForkState.$Shape; activity?: null; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "activity"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity: waybill.v1.ActivityState.$Shape; wait?: null; undo?: null; extended?: null; listen?: null }|{ state?: "wait"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait: waybill.v1.WaitState.$Shape; undo?: null; extended?: null; listen?: null }|{ state?: "undo"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo: waybill.v1.UndoState.$Shape; extended?: null; listen?: null }|{ state?: "extended"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended: waybill.v1.ExtendedState.$Shape; listen?: null }|{ state?: "listen"; root?: null; "do"?: null; "switch"?: null; "for"?: null; "try"?: null; fork?: null; activity?: null; wait?: null; undo?: null; extended?: null; listen: waybill.v1.ListenState.$Shape })
            );
        }

        /**
         * Properties of a RootState.
         * @deprecated Use waybill.v1.RootState.$Properties instead.
         */
        interface IRootState extends waybill.v1.RootState.$Properties {
        }

        /** Represents a RootState. */
        class RootState {

            /**
             * Constructs a new RootState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.RootState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified RootState message. Does not implicitly {@link waybill.v1.RootState.verify|verify} messages.
             * @param message RootState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.RootState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RootState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.RootState & waybill.v1.RootState.$Shape} RootState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.RootState & waybill.v1.RootState.$Shape;
        }

        namespace RootState {

            /** Properties of a RootState. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RootState. */
            type $Shape = waybill.v1.RootState.$Properties;
        }

        /**
         * Properties of a DoState.
         * @deprecated Use waybill.v1.DoState.$Properties instead.
         */
        interface IDoState extends waybill.v1.DoState.$Properties {
        }

        /** Represents a DoState. */
        class DoState {

            /**
             * Constructs a new DoState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.DoState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DoState currentIndex. */
            currentIndex: number;

            /** DoState completedTasks. */
            completedTasks: number;

            /**
             * Encodes the specified DoState message. Does not implicitly {@link waybill.v1.DoState.verify|verify} messages.
             * @param message DoState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.DoState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DoState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.DoState & waybill.v1.DoState.$Shape} DoState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.DoState & waybill.v1.DoState.$Shape;
        }

        namespace DoState {

            /** Properties of a DoState. */
            interface $Properties {

                /** DoState currentIndex */
                currentIndex?: (number|null);

                /** DoState completedTasks */
                completedTasks?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DoState. */
            type $Shape = waybill.v1.DoState.$Properties;
        }

        /**
         * Properties of a SwitchState.
         * @deprecated Use waybill.v1.SwitchState.$Properties instead.
         */
        interface ISwitchState extends waybill.v1.SwitchState.$Properties {
        }

        /** Represents a SwitchState. */
        class SwitchState {

            /**
             * Constructs a new SwitchState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.SwitchState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified SwitchState message. Does not implicitly {@link waybill.v1.SwitchState.verify|verify} messages.
             * @param message SwitchState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.SwitchState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SwitchState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.SwitchState & waybill.v1.SwitchState.$Shape} SwitchState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.SwitchState & waybill.v1.SwitchState.$Shape;
        }

        namespace SwitchState {

            /** Properties of a SwitchState. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SwitchState. */
            type $Shape = waybill.v1.SwitchState.$Properties;
        }

        /**
         * Properties of a ForState.
         * @deprecated Use waybill.v1.ForState.$Properties instead.
         */
        interface IForState extends waybill.v1.ForState.$Properties {
        }

        /** Represents a ForState. */
        class ForState {

            /**
             * Constructs a new ForState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ForState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ForState index. */
            index: number;

            /** ForState restJson. */
            restJson: string;

            /**
             * Encodes the specified ForState message. Does not implicitly {@link waybill.v1.ForState.verify|verify} messages.
             * @param message ForState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ForState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ForState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ForState & waybill.v1.ForState.$Shape} ForState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ForState & waybill.v1.ForState.$Shape;
        }

        namespace ForState {

            /** Properties of a ForState. */
            interface $Properties {

                /** ForState index */
                index?: (number|null);

                /** ForState restJson */
                restJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ForState. */
            type $Shape = waybill.v1.ForState.$Properties;
        }

        /**
         * Properties of a TryState.
         * @deprecated Use waybill.v1.TryState.$Properties instead.
         */
        interface ITryState extends waybill.v1.TryState.$Properties {
        }

        /** Represents a TryState. */
        class TryState {

            /**
             * Constructs a new TryState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TryState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TryState inCatch. */
            inCatch: boolean;

            /** TryState caughtError. */
            caughtError?: (waybill.v1.ErrorDetail.$Properties|null);

            /** TryState failures. */
            failures: number;

            /** TryState retryAt. */
            retryAt?: (number|null);

            /** TryState attemptDeadline. */
            attemptDeadline?: (number|null);

            /** TryState firstAt. */
            firstAt: number;

            /** TryState failed. */
            failed?: (waybill.v1.ActivityState.$Properties|null);

            /** TryState caughtJson. */
            caughtJson?: (string|null);

            /**
             * Encodes the specified TryState message. Does not implicitly {@link waybill.v1.TryState.verify|verify} messages.
             * @param message TryState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TryState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TryState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TryState & waybill.v1.TryState.$Shape} TryState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TryState & waybill.v1.TryState.$Shape;
        }

        namespace TryState {

            /** Properties of a TryState. */
            interface $Properties {

                /** TryState inCatch */
                inCatch?: (boolean|null);

                /** TryState caughtError */
                caughtError?: (waybill.v1.ErrorDetail.$Properties|null);

                /** TryState failures */
                failures?: (number|null);

                /** TryState retryAt */
                retryAt?: (number|null);

                /** TryState attemptDeadline */
                attemptDeadline?: (number|null);

                /** TryState firstAt */
                firstAt?: (number|null);

                /** TryState failed */
                failed?: (waybill.v1.ActivityState.$Properties|null);

                /** TryState caughtJson */
                caughtJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TryState. */
            type $Shape = waybill.v1.TryState.$Properties;
        }

        /**
         * Properties of a ForkState.
         * @deprecated Use waybill.v1.ForkState.$Properties instead.
         */
        interface IForkState extends waybill.v1.ForkState.$Properties {
        }

        /** Represents a ForkState. */
        class ForkState {

            /**
             * Constructs a new ForkState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ForkState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ForkState branchIds. */
            branchIds: string[];

            /** ForkState branchStatuses. */
            branchStatuses: { [k: string]: string };

            /** ForkState activation. */
            activation: number;

            /** ForkState started. */
            started: number;

            /** ForkState resultsJson. */
            resultsJson: { [k: string]: string };

            /** ForkState total. */
            total: number;

            /** ForkState itemsJson. */
            itemsJson?: (string|null);

            /** ForkState settles. */
            settles?: (boolean|null);

            /** ForkState settling. */
            settling: boolean;

            /** ForkState resultsOrder. */
            resultsOrder: number[];

            /**
             * Encodes the specified ForkState message. Does not implicitly {@link waybill.v1.ForkState.verify|verify} messages.
             * @param message ForkState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ForkState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ForkState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ForkState & waybill.v1.ForkState.$Shape} ForkState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ForkState & waybill.v1.ForkState.$Shape;
        }

        namespace ForkState {

            /** Properties of a ForkState. */
            interface $Properties {

                /** ForkState branchIds */
                branchIds?: (string[]|null);

                /** ForkState branchStatuses */
                branchStatuses?: ({ [k: string]: string }|null);

                /** ForkState activation */
                activation?: (number|null);

                /** ForkState started */
                started?: (number|null);

                /** ForkState resultsJson */
                resultsJson?: ({ [k: string]: string }|null);

                /** ForkState total */
                total?: (number|null);

                /** ForkState itemsJson */
                itemsJson?: (string|null);

                /** ForkState settles */
                settles?: (boolean|null);

                /** ForkState settling */
                settling?: (boolean|null);

                /** ForkState resultsOrder */
                resultsOrder?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ForkState. */
            type $Shape = waybill.v1.ForkState.$Properties;
        }

        /**
         * Properties of an ActivityState.
         * @deprecated Use waybill.v1.ActivityState.$Properties instead.
         */
        interface IActivityState extends waybill.v1.ActivityState.$Properties {
        }

        /** Represents an ActivityState. */
        class ActivityState {

            /**
             * Constructs a new ActivityState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ActivityState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ActivityState key. */
            key: string;

            /** ActivityState activation. */
            activation: number;

            /** ActivityState attempt. */
            attempt: number;

            /** ActivityState digest. */
            digest: string;

            /** ActivityState pointer. */
            pointer: string;

            /** ActivityState indices. */
            indices: number[];

            /**
             * Encodes the specified ActivityState message. Does not implicitly {@link waybill.v1.ActivityState.verify|verify} messages.
             * @param message ActivityState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ActivityState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ActivityState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ActivityState & waybill.v1.ActivityState.$Shape} ActivityState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ActivityState & waybill.v1.ActivityState.$Shape;
        }

        namespace ActivityState {

            /** Properties of an ActivityState. */
            interface $Properties {

                /** ActivityState key */
                key?: (string|null);

                /** ActivityState activation */
                activation?: (number|null);

                /** ActivityState attempt */
                attempt?: (number|null);

                /** ActivityState digest */
                digest?: (string|null);

                /** ActivityState pointer */
                pointer?: (string|null);

                /** ActivityState indices */
                indices?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ActivityState. */
            type $Shape = waybill.v1.ActivityState.$Properties;
        }

        /**
         * Properties of a WaitState.
         * @deprecated Use waybill.v1.WaitState.$Properties instead.
         */
        interface IWaitState extends waybill.v1.WaitState.$Properties {
        }

        /** Represents a WaitState. */
        class WaitState {

            /**
             * Constructs a new WaitState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.WaitState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WaitState until. */
            until: number;

            /**
             * Encodes the specified WaitState message. Does not implicitly {@link waybill.v1.WaitState.verify|verify} messages.
             * @param message WaitState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.WaitState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WaitState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.WaitState & waybill.v1.WaitState.$Shape} WaitState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.WaitState & waybill.v1.WaitState.$Shape;
        }

        namespace WaitState {

            /** Properties of a WaitState. */
            interface $Properties {

                /** WaitState until */
                until?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WaitState. */
            type $Shape = waybill.v1.WaitState.$Properties;
        }

        /**
         * Properties of an UndoState.
         * @deprecated Use waybill.v1.UndoState.$Properties instead.
         */
        interface IUndoState extends waybill.v1.UndoState.$Properties {
        }

        /** Represents an UndoState. */
        class UndoState {

            /**
             * Constructs a new UndoState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.UndoState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UndoState floor. */
            floor: number;

            /** UndoState current. */
            current: number;

            /** UndoState errorJson. */
            errorJson?: (string|null);

            /**
             * Encodes the specified UndoState message. Does not implicitly {@link waybill.v1.UndoState.verify|verify} messages.
             * @param message UndoState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.UndoState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UndoState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.UndoState & waybill.v1.UndoState.$Shape} UndoState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.UndoState & waybill.v1.UndoState.$Shape;
        }

        namespace UndoState {

            /** Properties of an UndoState. */
            interface $Properties {

                /** UndoState floor */
                floor?: (number|null);

                /** UndoState current */
                current?: (number|null);

                /** UndoState errorJson */
                errorJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UndoState. */
            type $Shape = waybill.v1.UndoState.$Properties;
        }

        /**
         * Properties of an ExtendedState.
         * @deprecated Use waybill.v1.ExtendedState.$Properties instead.
         */
        interface IExtendedState extends waybill.v1.ExtendedState.$Properties {
        }

        /** Represents an ExtendedState. */
        class ExtendedState {

            /**
             * Constructs a new ExtendedState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ExtendedState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ExtendedState stage. */
            stage: waybill.v1.ExtendedStage;

            /** ExtendedState applied. */
            applied: number[];

            /** ExtendedState at. */
            at: number;

            /** ExtendedState outputJson. */
            outputJson?: (string|null);

            /** ExtendedState then. */
            then?: (string|null);

            /**
             * Encodes the specified ExtendedState message. Does not implicitly {@link waybill.v1.ExtendedState.verify|verify} messages.
             * @param message ExtendedState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ExtendedState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ExtendedState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ExtendedState & waybill.v1.ExtendedState.$Shape} ExtendedState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ExtendedState & waybill.v1.ExtendedState.$Shape;
        }

        namespace ExtendedState {

            /** Properties of an ExtendedState. */
            interface $Properties {

                /** ExtendedState stage */
                stage?: (waybill.v1.ExtendedStage|null);

                /** ExtendedState applied */
                applied?: (number[]|null);

                /** ExtendedState at */
                at?: (number|null);

                /** ExtendedState outputJson */
                outputJson?: (string|null);

                /** ExtendedState then */
                then?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ExtendedState. */
            type $Shape = waybill.v1.ExtendedState.$Properties;
        }

        /** ExtendedStage enum. */
        enum ExtendedStage {

            /** EXTENDED_STAGE_UNSPECIFIED value */
            EXTENDED_STAGE_UNSPECIFIED = 0,

            /** EXTENDED_STAGE_BEFORE value */
            EXTENDED_STAGE_BEFORE = 1,

            /** EXTENDED_STAGE_TASK value */
            EXTENDED_STAGE_TASK = 2,

            /** EXTENDED_STAGE_AFTER value */
            EXTENDED_STAGE_AFTER = 3
        }

        /**
         * Properties of a ListenState.
         * @deprecated Use waybill.v1.ListenState.$Properties instead.
         */
        interface IListenState extends waybill.v1.ListenState.$Properties {
        }

        /** Represents a ListenState. */
        class ListenState {

            /**
             * Constructs a new ListenState.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.ListenState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListenState outputsJson. */
            outputsJson?: (string|null);

            /** ListenState seenJson. */
            seenJson?: (string|null);

            /** ListenState met. */
            met: number[];

            /** ListenState metUntil. */
            metUntil: number[];

            /** ListenState keysJson. */
            keysJson: { [k: string]: string };

            /** ListenState index. */
            index: number;

            /** ListenState itemJson. */
            itemJson?: (string|null);

            /**
             * Encodes the specified ListenState message. Does not implicitly {@link waybill.v1.ListenState.verify|verify} messages.
             * @param message ListenState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.ListenState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListenState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.ListenState & waybill.v1.ListenState.$Shape} ListenState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.ListenState & waybill.v1.ListenState.$Shape;
        }

        namespace ListenState {

            /** Properties of a ListenState. */
            interface $Properties {

                /** ListenState outputsJson */
                outputsJson?: (string|null);

                /** ListenState seenJson */
                seenJson?: (string|null);

                /** ListenState met */
                met?: (number[]|null);

                /** ListenState metUntil */
                metUntil?: (number[]|null);

                /** ListenState keysJson */
                keysJson?: ({ [k: string]: string }|null);

                /** ListenState index */
                index?: (number|null);

                /** ListenState itemJson */
                itemJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListenState. */
            type $Shape = waybill.v1.ListenState.$Properties;
        }

        /**
         * Properties of a MessageEnvelope.
         * @deprecated Use waybill.v1.MessageEnvelope.$Properties instead.
         */
        interface IMessageEnvelope extends waybill.v1.MessageEnvelope.$Properties {
        }

        /** Represents a MessageEnvelope. */
        class MessageEnvelope {

            /**
             * Constructs a new MessageEnvelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.MessageEnvelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MessageEnvelope messageId. */
            messageId: string;

            /** MessageEnvelope messageType. */
            messageType: string;

            /** MessageEnvelope payload. */
            payload: Uint8Array;

            /** MessageEnvelope createdAt. */
            createdAt: string;

            /** MessageEnvelope correlationId. */
            correlationId?: (string|null);

            /** MessageEnvelope header. */
            header?: (waybill.v1.RecordHeader.$Properties|null);

            /**
             * Encodes the specified MessageEnvelope message. Does not implicitly {@link waybill.v1.MessageEnvelope.verify|verify} messages.
             * @param message MessageEnvelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.MessageEnvelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MessageEnvelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.MessageEnvelope & waybill.v1.MessageEnvelope.$Shape} MessageEnvelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.MessageEnvelope & waybill.v1.MessageEnvelope.$Shape;
        }

        namespace MessageEnvelope {

            /** Properties of a MessageEnvelope. */
            interface $Properties {

                /** MessageEnvelope messageId */
                messageId?: (string|null);

                /** MessageEnvelope messageType */
                messageType?: (string|null);

                /** MessageEnvelope payload */
                payload?: (Uint8Array|null);

                /** MessageEnvelope createdAt */
                createdAt?: (string|null);

                /** MessageEnvelope correlationId */
                correlationId?: (string|null);

                /** MessageEnvelope header */
                header?: (waybill.v1.RecordHeader.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MessageEnvelope. */
            type $Shape = waybill.v1.MessageEnvelope.$Properties;
        }

        /** RecordKind enum. */
        enum RecordKind {

            /** RECORD_KIND_UNSPECIFIED value */
            RECORD_KIND_UNSPECIFIED = 0,

            /** RECORD_KIND_START value */
            RECORD_KIND_START = 1,

            /** RECORD_KIND_CONTROL value */
            RECORD_KIND_CONTROL = 2,

            /** RECORD_KIND_CLAIM value */
            RECORD_KIND_CLAIM = 3,

            /** RECORD_KIND_STEP value */
            RECORD_KIND_STEP = 4,

            /** RECORD_KIND_PARK value */
            RECORD_KIND_PARK = 5,

            /** RECORD_KIND_RESUME value */
            RECORD_KIND_RESUME = 6,

            /** RECORD_KIND_SCHEDULE value */
            RECORD_KIND_SCHEDULE = 7,

            /** RECORD_KIND_FIRE value */
            RECORD_KIND_FIRE = 8,

            /** RECORD_KIND_CANCELLING value */
            RECORD_KIND_CANCELLING = 9,

            /** RECORD_KIND_END value */
            RECORD_KIND_END = 10,

            /** RECORD_KIND_ANSWER value */
            RECORD_KIND_ANSWER = 11,

            /** RECORD_KIND_CARRY value */
            RECORD_KIND_CARRY = 12,

            /** RECORD_KIND_OUTPUT value */
            RECORD_KIND_OUTPUT = 13,

            /** RECORD_KIND_MARK value */
            RECORD_KIND_MARK = 14,

            /** RECORD_KIND_CLOSE value */
            RECORD_KIND_CLOSE = 15
        }

        /**
         * Properties of a RecordHeader.
         * @deprecated Use waybill.v1.RecordHeader.$Properties instead.
         */
        interface IRecordHeader extends waybill.v1.RecordHeader.$Properties {
        }

        /** Represents a RecordHeader. */
        class RecordHeader {

            /**
             * Constructs a new RecordHeader.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.RecordHeader.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RecordHeader kind. */
            kind: waybill.v1.RecordKind;

            /** RecordHeader tenure. */
            tenure: number;

            /** RecordHeader nonce. */
            nonce: number;

            /** RecordHeader n. */
            n: number;

            /** RecordHeader unit. */
            unit: number;

            /** RecordHeader unitSize. */
            unitSize: number;

            /** RecordHeader targets. */
            targets: number[];

            /** RecordHeader runId. */
            runId: string;

            /** RecordHeader strand. */
            strand: string;

            /** RecordHeader hop. */
            hop: number;

            /** RecordHeader definition. */
            definition: Uint8Array;

            /** RecordHeader time. */
            time: number;

            /** RecordHeader minReader. */
            minReader: number;

            /** RecordHeader joins. */
            joins: number;

            /** RecordHeader carries. */
            carries: number;

            /** RecordHeader journal. */
            journal: boolean;

            /**
             * Encodes the specified RecordHeader message. Does not implicitly {@link waybill.v1.RecordHeader.verify|verify} messages.
             * @param message RecordHeader message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.RecordHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RecordHeader message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.RecordHeader & waybill.v1.RecordHeader.$Shape} RecordHeader
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.RecordHeader & waybill.v1.RecordHeader.$Shape;
        }

        namespace RecordHeader {

            /** Properties of a RecordHeader. */
            interface $Properties {

                /** RecordHeader kind */
                kind?: (waybill.v1.RecordKind|null);

                /** RecordHeader tenure */
                tenure?: (number|null);

                /** RecordHeader nonce */
                nonce?: (number|null);

                /** RecordHeader n */
                n?: (number|null);

                /** RecordHeader unit */
                unit?: (number|null);

                /** RecordHeader unitSize */
                unitSize?: (number|null);

                /** RecordHeader targets */
                targets?: (number[]|null);

                /** RecordHeader runId */
                runId?: (string|null);

                /** RecordHeader strand */
                strand?: (string|null);

                /** RecordHeader hop */
                hop?: (number|null);

                /** RecordHeader definition */
                definition?: (Uint8Array|null);

                /** RecordHeader time */
                time?: (number|null);

                /** RecordHeader minReader */
                minReader?: (number|null);

                /** RecordHeader joins */
                joins?: (number|null);

                /** RecordHeader carries */
                carries?: (number|null);

                /** RecordHeader journal */
                journal?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RecordHeader. */
            type $Shape = waybill.v1.RecordHeader.$Properties;
        }

        /**
         * Properties of a TraceHeader.
         * @deprecated Use waybill.v1.TraceHeader.$Properties instead.
         */
        interface ITraceHeader extends waybill.v1.TraceHeader.$Properties {
        }

        /** Represents a TraceHeader. */
        class TraceHeader {

            /**
             * Constructs a new TraceHeader.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceHeader.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceHeader engine. */
            engine: string;

            /** TraceHeader source. */
            source: string;

            /** TraceHeader prefix. */
            prefix: string;

            /** TraceHeader partitions. */
            partitions: number;

            /** TraceHeader recordedAt. */
            recordedAt: number;

            /** TraceHeader redacted. */
            redacted: string[];

            /** TraceHeader keyName. */
            keyName: string;

            /** TraceHeader selection. */
            selection: string[];

            /** TraceHeader token. */
            token: string;

            /**
             * Encodes the specified TraceHeader message. Does not implicitly {@link waybill.v1.TraceHeader.verify|verify} messages.
             * @param message TraceHeader message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceHeader message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceHeader & waybill.v1.TraceHeader.$Shape} TraceHeader
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceHeader & waybill.v1.TraceHeader.$Shape;
        }

        namespace TraceHeader {

            /** Properties of a TraceHeader. */
            interface $Properties {

                /** TraceHeader engine */
                engine?: (string|null);

                /** TraceHeader source */
                source?: (string|null);

                /** TraceHeader prefix */
                prefix?: (string|null);

                /** TraceHeader partitions */
                partitions?: (number|null);

                /** TraceHeader recordedAt */
                recordedAt?: (number|null);

                /** TraceHeader redacted */
                redacted?: (string[]|null);

                /** TraceHeader keyName */
                keyName?: (string|null);

                /** TraceHeader selection */
                selection?: (string[]|null);

                /** TraceHeader token */
                token?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceHeader. */
            type $Shape = waybill.v1.TraceHeader.$Properties;
        }

        /**
         * Properties of a TraceDefinition.
         * @deprecated Use waybill.v1.TraceDefinition.$Properties instead.
         */
        interface ITraceDefinition extends waybill.v1.TraceDefinition.$Properties {
        }

        /** Represents a TraceDefinition. */
        class TraceDefinition {

            /**
             * Constructs a new TraceDefinition.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceDefinition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceDefinition hash. */
            hash: Uint8Array;

            /** TraceDefinition namespace. */
            namespace: string;

            /** TraceDefinition name. */
            name: string;

            /** TraceDefinition version. */
            version: string;

            /** TraceDefinition document. */
            document: string;

            /** TraceDefinition resources. */
            resources: { [k: string]: string };

            /**
             * Encodes the specified TraceDefinition message. Does not implicitly {@link waybill.v1.TraceDefinition.verify|verify} messages.
             * @param message TraceDefinition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceDefinition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceDefinition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceDefinition & waybill.v1.TraceDefinition.$Shape} TraceDefinition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceDefinition & waybill.v1.TraceDefinition.$Shape;
        }

        namespace TraceDefinition {

            /** Properties of a TraceDefinition. */
            interface $Properties {

                /** TraceDefinition hash */
                hash?: (Uint8Array|null);

                /** TraceDefinition namespace */
                namespace?: (string|null);

                /** TraceDefinition name */
                name?: (string|null);

                /** TraceDefinition version */
                version?: (string|null);

                /** TraceDefinition document */
                document?: (string|null);

                /** TraceDefinition resources */
                resources?: ({ [k: string]: string }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceDefinition. */
            type $Shape = waybill.v1.TraceDefinition.$Properties;
        }

        /**
         * Properties of a TraceUnit.
         * @deprecated Use waybill.v1.TraceUnit.$Properties instead.
         */
        interface ITraceUnit extends waybill.v1.TraceUnit.$Properties {
        }

        /** Represents a TraceUnit. */
        class TraceUnit {

            /**
             * Constructs a new TraceUnit.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceUnit.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceUnit partition. */
            partition: number;

            /** TraceUnit offset. */
            offset: number;

            /** TraceUnit time. */
            time: number;

            /** TraceUnit records. */
            records: Uint8Array[];

            /** TraceUnit world. */
            world: number;

            /**
             * Encodes the specified TraceUnit message. Does not implicitly {@link waybill.v1.TraceUnit.verify|verify} messages.
             * @param message TraceUnit message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceUnit.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceUnit message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceUnit & waybill.v1.TraceUnit.$Shape} TraceUnit
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceUnit & waybill.v1.TraceUnit.$Shape;
        }

        namespace TraceUnit {

            /** Properties of a TraceUnit. */
            interface $Properties {

                /** TraceUnit partition */
                partition?: (number|null);

                /** TraceUnit offset */
                offset?: (number|null);

                /** TraceUnit time */
                time?: (number|null);

                /** TraceUnit records */
                records?: (Uint8Array[]|null);

                /** TraceUnit world */
                world?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceUnit. */
            type $Shape = waybill.v1.TraceUnit.$Properties;
        }

        /**
         * Properties of a TraceIndex.
         * @deprecated Use waybill.v1.TraceIndex.$Properties instead.
         */
        interface ITraceIndex extends waybill.v1.TraceIndex.$Properties {
        }

        /** Represents a TraceIndex. */
        class TraceIndex {

            /**
             * Constructs a new TraceIndex.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceIndex.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceIndex blocks. */
            blocks: waybill.v1.TraceBlock.$Properties[];

            /**
             * Encodes the specified TraceIndex message. Does not implicitly {@link waybill.v1.TraceIndex.verify|verify} messages.
             * @param message TraceIndex message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceIndex.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceIndex message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceIndex & waybill.v1.TraceIndex.$Shape} TraceIndex
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceIndex & waybill.v1.TraceIndex.$Shape;
        }

        namespace TraceIndex {

            /** Properties of a TraceIndex. */
            interface $Properties {

                /** TraceIndex blocks */
                blocks?: (waybill.v1.TraceBlock.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceIndex. */
            type $Shape = waybill.v1.TraceIndex.$Properties;
        }

        /**
         * Properties of a TraceBlock.
         * @deprecated Use waybill.v1.TraceBlock.$Properties instead.
         */
        interface ITraceBlock extends waybill.v1.TraceBlock.$Properties {
        }

        /** Represents a TraceBlock. */
        class TraceBlock {

            /**
             * Constructs a new TraceBlock.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceBlock.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceBlock at. */
            at: number;

            /** TraceBlock runs. */
            runs: number[];

            /**
             * Encodes the specified TraceBlock message. Does not implicitly {@link waybill.v1.TraceBlock.verify|verify} messages.
             * @param message TraceBlock message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceBlock.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceBlock message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceBlock & waybill.v1.TraceBlock.$Shape} TraceBlock
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceBlock & waybill.v1.TraceBlock.$Shape;
        }

        namespace TraceBlock {

            /** Properties of a TraceBlock. */
            interface $Properties {

                /** TraceBlock at */
                at?: (number|null);

                /** TraceBlock runs */
                runs?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceBlock. */
            type $Shape = waybill.v1.TraceBlock.$Properties;
        }

        /**
         * Properties of a TraceFooter.
         * @deprecated Use waybill.v1.TraceFooter.$Properties instead.
         */
        interface ITraceFooter extends waybill.v1.TraceFooter.$Properties {
        }

        /** Represents a TraceFooter. */
        class TraceFooter {

            /**
             * Constructs a new TraceFooter.
             * @param [properties] Properties to set
             */
            constructor(properties?: waybill.v1.TraceFooter.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TraceFooter indexes. */
            indexes: number[];

            /** TraceFooter units. */
            units: number;

            /** TraceFooter records. */
            records: number;

            /** TraceFooter voidRecords. */
            voidRecords: number;

            /**
             * Encodes the specified TraceFooter message. Does not implicitly {@link waybill.v1.TraceFooter.verify|verify} messages.
             * @param message TraceFooter message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waybill.v1.TraceFooter.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TraceFooter message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waybill.v1.TraceFooter & waybill.v1.TraceFooter.$Shape} TraceFooter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waybill.v1.TraceFooter & waybill.v1.TraceFooter.$Shape;
        }

        namespace TraceFooter {

            /** Properties of a TraceFooter. */
            interface $Properties {

                /** TraceFooter indexes */
                indexes?: (number[]|null);

                /** TraceFooter units */
                units?: (number|null);

                /** TraceFooter records */
                records?: (number|null);

                /** TraceFooter voidRecords */
                voidRecords?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TraceFooter. */
            type $Shape = waybill.v1.TraceFooter.$Properties;
        }
    }
}
